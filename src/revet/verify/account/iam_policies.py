"""Customer-managed policies in their default version, and instance profiles.

No call answers the tags of many: each policy and each profile takes one of its own. Sources: IAM
API Reference, `GetAccountAuthorizationDetails`, `ListPolicyTags`, `ListInstanceProfiles` ("this
operation does not return tags"), `GetInstanceProfile`; IAM User Guide, "IAM identifiers": the ARN
of a policy ends with its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.marks import Mark
from revet.plan.observed import Observed
from revet.verify.account.iam import document
from revet.verify.api import Api, Parts
from revet.verify.listing import listed_by
from revet.verify.parts import tagged

_FILTER = ["LocalManagedPolicy"]


def _policy(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    arn, parts = item["Arn"], Parts()
    tags = parts.answer(
        lambda: api.call("iam", "list_policy_tags", region, PolicyArn=arn), "tags", "tags_all"
    )
    if parts.gone:
        return
    texts = [
        document(version["Document"])
        for version in item["PolicyVersionList"]
        if version["IsDefaultVersion"]
    ]
    if len(texts) != 1:
        mark = Mark("AWS's answer does not have one default version", "read again")
        parts.unknown["policy"] = mark
    values = {
        "id": arn,
        "arn": arn,
        "name": arn.rpartition("/")[2],
        "name_prefix": "",
        "path": item["Path"],
        "policy": texts[0] if len(texts) == 1 else None,
        "policy_id": item.get("PolicyId"),
        "attachment_count": item.get("AttachmentCount"),
        **tagged(tags.get("Tags")),
    }
    yield Observed("aws_iam_policy", arn, values, unknown=parts.unknown)


def _profile(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, parts = item["InstanceProfileName"], Parts()
    said = parts.answer(
        lambda: api.call("iam", "get_instance_profile", region, InstanceProfileName=name),
        "tags",
        "tags_all",
    )
    if parts.gone:
        return
    values = {
        "id": name,
        "name": name,
        "name_prefix": "",
        "arn": item["Arn"],
        "path": item["Path"],
        "role": next((role["RoleName"] for role in item["Roles"]), ""),
        "unique_id": item.get("InstanceProfileId"),
        **tagged(said.get("InstanceProfile", {}).get("Tags")),
    }
    yield Observed("aws_iam_instance_profile", name, values, unknown=parts.unknown)


POLICIES = listed_by(
    "iam",
    "GetAccountAuthorizationDetails",
    "Policies",
    {"Filter": _FILTER},
    type="aws_iam_policy",
    key="Arn",
    read=_policy,
    more=("ListPolicyTags",),
)
PROFILES = listed_by(
    "iam",
    "ListInstanceProfiles",
    "InstanceProfiles",
    type="aws_iam_instance_profile",
    key="InstanceProfileName",
    read=_profile,
    more=("GetInstanceProfile",),
)
