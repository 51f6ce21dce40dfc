"""IAM Identity Center: permission sets with their policies and permissions boundaries.

Permission sets are those of an instance that this account owns; an account without one has none.
Ids: `PERMISSION_SET,INSTANCE`, for attachments after the policy, as in the provider's state.
Source: IAM Identity Center API Reference, `ListInstances`, `ListPermissionSets`,
`GetInlinePolicyForPermissionSet`: the policy is empty where there is none;
`GetPermissionsBoundaryForPermissionSet`: without one it is not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.observed import EVERY, Observed
from revet.verify.api import Api, Ask, Parts
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_INLINE = "aws_ssoadmin_permission_set_inline_policy"
_MANAGED = "aws_ssoadmin_managed_policy_attachment"
_BY_NAME = "aws_ssoadmin_customer_managed_policy_attachment"
_BOUNDARY = "aws_ssoadmin_permissions_boundary_attachment"


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
    yield from part(_BOUNDARY, name, known, region, lambda: _boundary(ask, arn))
    links = Parts()
    managed = links.answer(
        lambda: ask("list_managed_policies_in_permission_set", PermissionSetArn=arn), _MANAGED
    )
    for policy in managed.get("AttachedManagedPolicies", ()):
        policy_arn = policy["Arn"]
        joins = {"managed_policy_arn": policy_arn, "managed_policy_name": policy["Name"]}
        own = f"{policy_arn},{name}"
        yield Observed(_MANAGED, own, {"id": own, **known, **joins}, region)
    named = links.answer(
        lambda: ask(
            "list_customer_managed_policy_references_in_permission_set", PermissionSetArn=arn
        ),
        _BY_NAME,
    )
    for policy in named.get("CustomerManagedPolicyReferences", ()):
        reference = _reference(policy)
        own = f"{reference['name']},{reference['path']},{name}"
        values = {"id": own, **known, "customer_managed_policy_reference": [reference]}
        yield Observed(_BY_NAME, own, values, region)
    for kind, mark in links.unknown.items():
        yield Observed(kind, EVERY, {}, region, rest=mark)


def _boundary(ask: Ask, arn: str) -> Mapping[str, Any] | None:
    said = ask(
        "get_permissions_boundary_for_permission_set",
        absent=("ResourceNotFoundException",),
        PermissionSetArn=arn,
    ).get("PermissionsBoundary")
    if not said:
        return None
    reference = said.get("CustomerManagedPolicyReference")
    block = {
        "managed_policy_arn": said.get("ManagedPolicyArn", ""),
        "customer_managed_policy_reference": [_reference(reference)] if reference else [],
    }
    return {"permissions_boundary": [block]}


def _reference(said: Mapping[str, Any]) -> dict[str, Any]:
    """A policy by its name; AWS takes `/` for a path that is left out."""
    return {"name": said["Name"], "path": said.get("Path", "/")}


PERMISSION_SETS = TypeReader(
    type="aws_ssoadmin_permission_set",
    service="sso-admin",
    actions=(
        "sso:ListInstances",
        "sso:ListPermissionSets",
        "sso:DescribePermissionSet",
        "sso:ListTagsForResource",
        "sso:GetInlinePolicyForPermissionSet",
        "sso:GetPermissionsBoundaryForPermissionSet",
        "sso:ListManagedPoliciesInPermissionSet",
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
    ),
    items=_sets,
    identity=lambda item: f"{item[1]},{item[0]}",
    read=_set,
    parts=(_INLINE, _MANAGED, _BY_NAME, _BOUNDARY),
    each=True,
)
