"""IAM: roles, users and groups with their policies; one call of several pages answers each kind.

The policies of a principal are resources of their own, and the deprecated blocks of a role are
empty. Service-linked roles are `aws_iam_service_linked_role`: only AWS changes them, as it does
those of IAM Identity Center. Managed policies of AWS's own are not read: they are facts.

Ids: an attachment has `PRINCIPAL/POLICY`, as the provider's documentation imports it, and a user's
membership in groups the user's name; the state ids of both are made up. Sources: IAM API Reference,
`GetAccountAuthorizationDetails`: it answers documents URL-encoded, which botocore decodes, and by
its example no `UserPolicyList` for a user without inline policies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api
from revet.verify.listing import listed_by
from revet.verify.parts import tagged

_LINKED = "/aws-service-role/"
_OF_AWS = "/aws-reserved/"


def document(said: Any) -> str:  # noqa: ANN401 - JSON
    """A policy document as text; botocore decodes what IAM answers."""
    return said if isinstance(said, str) else json.dumps(said)


def _role(_api: Api, _region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, path = item["RoleName"], item["Path"]
    common = _common(name, item, "RoleId") | tagged(item.get("Tags"))
    if path.startswith(_LINKED):
        service = path.removeprefix(_LINKED).strip("/")
        values = common | {
            "id": item["Arn"],
            "aws_service_name": service,
            "custom_suffix": name.partition("_")[2],
        }
        kind = "aws_iam_service_linked_role"
        yield Observed(kind, item["Arn"], values, made_by="aws")
        return
    values = {
        **common,
        "name_prefix": "",
        "assume_role_policy": document(item["AssumeRolePolicyDocument"]),
        "permissions_boundary": _boundary(item),
        "inline_policy": [],
        "managed_policy_arns": [],
        "force_detach_policies": False,
    }
    made = "aws" if path.startswith(_OF_AWS) else ""
    yield Observed("aws_iam_role", name, values, made_by=made)
    yield from _policies("role", name, item["RolePolicyList"], item["AttachedManagedPolicies"])


def _user(_api: Api, _region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, groups = item["UserName"], item["GroupList"]
    values = {
        **_common(name, item, "UserId"),
        "permissions_boundary": _boundary(item),
        "force_destroy": False,
        **tagged(item.get("Tags")),
    }
    yield Observed("aws_iam_user", name, values)
    inline = item.get("UserPolicyList", ())
    yield from _policies("user", name, inline, item["AttachedManagedPolicies"])
    if groups:
        joins = {"id": name, "user": name, "groups": groups}
        yield Observed("aws_iam_user_group_membership", name, joins)


def _group(_api: Api, _region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name = item["GroupName"]
    yield Observed("aws_iam_group", name, _common(name, item, "GroupId"))
    yield from _policies("group", name, item["GroupPolicyList"], item["AttachedManagedPolicies"])


def _common(name: str, item: Mapping[str, Any], unique: str) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "arn": item["Arn"],
        "path": item["Path"],
        "unique_id": item.get(unique),
    }


def _boundary(item: Mapping[str, Any]) -> str:
    """IAM answers no boundary where there is none."""
    if "PermissionsBoundary" not in item:
        return ""
    return str(item["PermissionsBoundary"]["PermissionsBoundaryArn"])


def _policies(kind: str, name: str, inline: Any, attached: Any) -> Iterator[Observed]:  # noqa: ANN401
    for policy in inline:
        own, title = f"{name}:{policy['PolicyName']}", policy["PolicyName"]
        text = document(policy["PolicyDocument"])
        values = {"id": own, kind: name, "name": title, "name_prefix": "", "policy": text}
        yield Observed(f"aws_iam_{kind}_policy", own, values)
    for policy in attached:
        arn = policy["PolicyArn"]
        own = f"{name}/{arn}"
        joins = {"id": own, kind: name, "policy_arn": arn}
        yield Observed(f"aws_iam_{kind}_policy_attachment", own, joins)


def _parts(kind: str, *more: str) -> tuple[str, ...]:
    """The types that hang on a principal; those that nothing is read as are forms of the others."""
    own = f"aws_iam_{kind}_policy"
    lists = (f"{own}_attachments_exclusive", f"aws_iam_{kind}_policies_exclusive")
    return (own, f"{own}_attachment", *lists, "aws_iam_policy_attachment", *more)


ROLES = listed_by(
    "iam",
    "GetAccountAuthorizationDetails",
    "RoleDetailList",
    {"Filter": ["Role"]},
    type="aws_iam_role",
    key="RoleName",
    read=_role,
    parts=_parts("role", "aws_iam_service_linked_role"),
)
USERS = listed_by(
    "iam",
    "GetAccountAuthorizationDetails",
    "UserDetailList",
    {"Filter": ["User"]},
    type="aws_iam_user",
    key="UserName",
    read=_user,
    parts=_parts("user", "aws_iam_user_group_membership", "aws_iam_group_membership"),
)
GROUPS = listed_by(
    "iam",
    "GetAccountAuthorizationDetails",
    "GroupDetailList",
    {"Filter": ["Group"]},
    type="aws_iam_group",
    key="GroupName",
    read=_group,
    parts=_parts("group"),
)
