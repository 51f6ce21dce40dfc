"""IAM Identity Center: permission sets with their inline policies.

Permission sets are those of an instance that this account owns; an account without one has none.
Ids: both have `PERMISSION_SET,INSTANCE`, as in the provider's state. Source: IAM Identity Center
API Reference, `ListInstances`, `ListPermissionSets`, `GetInlinePolicyForPermissionSet`: the policy
is empty where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_INLINE = "aws_ssoadmin_permission_set_inline_policy"


def _sets(api: Api, region: str) -> Iterator[tuple[str, str]]:
    """Permission sets, each after its instance."""
    for instance in api.call("sso-admin", "list_instances", region)["Instances"]:
        if instance["OwnerAccountId"] != api.account:
            continue
        arn = instance["InstanceArn"]
        found = api.call("sso-admin", "list_permission_sets", region, InstanceArn=arn)
        yield from ((arn, name) for name in found["PermissionSets"])


def _set(api: Api, region: str, item: tuple[str, str]) -> Iterator[Observed]:
    instance, arn = item
    name, parts = f"{arn},{instance}", Parts()
    ask = api.about("sso-admin", region, InstanceArn=instance)
    said = ask("describe_permission_set", PermissionSetArn=arn)["PermissionSet"]
    tags = parts.answer(lambda: ask("list_tags_for_resource", ResourceArn=arn), "tags", "tags_all")
    if parts.gone:
        return
    values = {
        "id": name,
        "arn": arn,
        "instance_arn": instance,
        "name": said["Name"],
        "description": said.get("Description", ""),
        "session_duration": said.get("SessionDuration", ""),
        "relay_state": said.get("RelayState", ""),
        **tagged(tags.get("Tags")),
    }
    yield Observed("aws_ssoadmin_permission_set", name, values, region, unknown=parts.unknown)

    def inline() -> Mapping[str, Any] | None:
        said = ask("get_inline_policy_for_permission_set", PermissionSetArn=arn)
        return {"inline_policy": said["InlinePolicy"]} if said["InlinePolicy"] else None

    known = {"instance_arn": instance, "permission_set_arn": arn}
    yield from part(_INLINE, name, known, region, inline)


PERMISSION_SETS = TypeReader(
    type="aws_ssoadmin_permission_set",
    service="sso-admin",
    actions=(
        "sso:ListInstances",
        "sso:ListPermissionSets",
        "sso:DescribePermissionSet",
        "sso:ListTagsForResource",
        "sso:GetInlinePolicyForPermissionSet",
    ),
    items=_sets,
    identity=lambda item: f"{item[1]},{item[0]}",
    read=_set,
    parts=(_INLINE,),
    each=True,
)
