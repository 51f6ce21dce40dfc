"""An organization: its root, units, accounts and policies, as its management account sees them.

Outside of an organization there is none of it. To another account of it the organization is a fact:
what is in it belongs to the management account, and that policies of it apply is all that is known.
Source: Organizations API Reference, `DescribeOrganization`, which every account of an organization
may call, and the `List…` operations, which the management account and those that it delegates to
may; hashicorp/aws 5.100.0: an attachment's id is `TARGET:POLICY`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.marks import Mark
from revet.plan.observed import EVERY, Observed
from revet.plan.terraform_types import Scope
from revet.verify.api import Api, Parts
from revet.verify.parts import tagged
from revet.verify.readers import TypeReader

_POLICY = "aws_organizations_policy"
_ATTACHMENT = "aws_organizations_policy_attachment"
_ALWAYS = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
_ANOTHERS = Mark(
    "the organization is another account's", "read it from the organization's management account"
)


def _organization(api: Api) -> dict[str, Any]:
    """What every account of an organization may know of it; empty outside of one."""
    none = ("AWSOrganizationsNotInUseException",)
    said = api.call("organizations", "describe_organization", absent=none)
    found: dict[str, Any] = said["Organization"] if said else {}
    return found


def _is_own(api: Api, organization: dict[str, Any]) -> bool:
    return bool(organization) and organization["MasterAccountId"] == api.account


def _roots(api: Api) -> Any:  # noqa: ANN401 - JSON
    return api.call("organizations", "list_roots")["Roots"]


def _organizations(api: Api, _region: str) -> list[Any]:
    return list(filter(None, [_organization(api)]))


def _whole(api: Api, _region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, kind = item["Id"], "aws_organizations_organization"
    values: dict[str, Any] = {
        "id": name,
        "arn": item["Arn"],
        "feature_set": item.get("FeatureSet"),
        "master_account_arn": item.get("MasterAccountArn"),
        "master_account_email": item.get("MasterAccountEmail"),
        "master_account_id": item["MasterAccountId"],
    }
    if not _is_own(api, item):
        yield Observed(kind, name, values, mode="data")
        return
    parts, lists = Parts(), ("roots", "enabled_policy_types")
    found = parts.answer(lambda: api.call("organizations", "list_roots"), *lists)
    roots = found.get("Roots", ())
    values["roots"] = [
        {
            "id": root["Id"],
            "arn": root["Arn"],
            "name": root["Name"],
            "policy_types": [
                {"type": one["Type"], "status": one["Status"]} for one in root["PolicyTypes"]
            ],
        }
        for root in roots
    ]
    values["enabled_policy_types"] = _enabled(roots)
    yield Observed(kind, name, values, unknown=parts.unknown)


def _enabled(roots: Any) -> list[str]:  # noqa: ANN401 - JSON
    return [
        kind["Type"]
        for root in roots
        for kind in root["PolicyTypes"]
        if kind["Status"] == "ENABLED"
    ]


def _units(api: Api, _region: str) -> Iterator[tuple[str, Any]]:
    """Every unit with what it is in, from the root down."""
    if not _is_own(api, _organization(api)):
        return
    above = [root["Id"] for root in _roots(api)]
    while above:
        parent = above.pop()
        list_units = "list_organizational_units_for_parent"
        said = api.call("organizations", list_units, ParentId=parent)["OrganizationalUnits"]
        for unit in said:
            yield parent, unit
            above.append(unit["Id"])


def _unit(api: Api, _region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    parent, unit = item
    name, parts = unit["Id"], Parts()
    values = {
        "id": name,
        "arn": unit["Arn"],
        "name": unit["Name"],
        "parent_id": parent,
        **_tags(api, name, parts),
    }
    if not parts.gone:
        yield Observed("aws_organizations_organizational_unit", name, values, unknown=parts.unknown)


def _accounts(api: Api, _region: str) -> Any:  # noqa: ANN401 - JSON
    if not _is_own(api, _organization(api)):
        return []
    return api.call("organizations", "list_accounts")["Accounts"]


def _account(api: Api, _region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, parts = item["Id"], Parts()
    above = parts.answer(
        lambda: api.call("organizations", "list_parents", ChildId=name), "parent_id"
    )
    parent: Mapping[str, Any] = next(iter(above.get("Parents", ())), {})
    values = {
        "id": name,
        "arn": item["Arn"],
        "name": item.get("Name"),
        "email": item.get("Email"),
        "status": item.get("Status"),
        "joined_method": item.get("JoinedMethod"),
        "parent_id": parts.need(parent, "Id", "parent_id"),
        **_tags(api, name, parts),
    }
    if not parts.gone:
        yield Observed("aws_organizations_account", name, values, unknown=parts.unknown)


def _tags(api: Api, name: str, parts: Parts) -> dict[str, Any]:
    said = parts.answer(
        lambda: api.call("organizations", "list_tags_for_resource", ResourceId=name),
        "tags",
        "tags_all",
    )
    return tagged(said.get("Tags"))


def _policies(api: Api, _region: str) -> Iterator[dict[str, Any]]:
    """Policies of every type that is enabled; nothing of an organization that is another's."""
    organization = _organization(api)
    if not _is_own(api, organization):
        if organization:
            yield {"Id": EVERY}
        return
    for kind in dict.fromkeys((*_ALWAYS, *_enabled(_roots(api)))):
        yield from api.call("organizations", "list_policies", Filter=kind)["Policies"]


def _policy(api: Api, _region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, parts = item["Id"], Parts()
    if name == EVERY:
        yield Observed(_ATTACHMENT, EVERY, {}, rest=_ANOTHERS)
        return
    ask = api.about("organizations", "", PolicyId=name)
    said = parts.answer(lambda: ask("describe_policy")["Policy"], "content")
    values = {
        "id": name,
        "arn": item["Arn"],
        "name": item["Name"],
        "description": item.get("Description", ""),
        "type": item["Type"],
        "content": parts.need(said, "Content", "content"),
    }
    links = Parts()
    targets = links.answer(lambda: ask("list_targets_for_policy"), _ATTACHMENT).get("Targets", ())
    if item["AwsManaged"]:
        values |= {"policy_id": name, "aws_managed": True}
        yield Observed(_POLICY, name, values, unknown=parts.unknown, mode="data")
    else:
        values |= _tags(api, name, parts)
        yield Observed(_POLICY, name, values, unknown=parts.unknown)
    for mark in links.unknown.values():
        yield Observed(_ATTACHMENT, EVERY, {}, rest=mark)
    for target in targets:
        own = f"{target['TargetId']}:{name}"
        joins = {"id": own, "policy_id": name, "target_id": target["TargetId"]}
        yield Observed(_ATTACHMENT, own, joins)


ORGANIZATIONS = TypeReader(
    type="aws_organizations_organization",
    service="organizations",
    actions=("organizations:DescribeOrganization", "organizations:ListRoots"),
    items=_organizations,
    identity=lambda item: str(item["Id"]),
    read=_whole,
    scope=Scope.GLOBAL,
    each=True,
)
UNITS = TypeReader(
    type="aws_organizations_organizational_unit",
    service="organizations",
    actions=(
        "organizations:DescribeOrganization",
        "organizations:ListRoots",
        "organizations:ListOrganizationalUnitsForParent",
        "organizations:ListTagsForResource",
    ),
    items=_units,
    identity=lambda item: str(item[1]["Id"]),
    read=_unit,
    scope=Scope.GLOBAL,
    each=True,
)
ACCOUNTS = TypeReader(
    type="aws_organizations_account",
    service="organizations",
    actions=(
        "organizations:DescribeOrganization",
        "organizations:ListAccounts",
        "organizations:ListParents",
        "organizations:ListTagsForResource",
    ),
    items=_accounts,
    identity=lambda item: str(item["Id"]),
    read=_account,
    scope=Scope.GLOBAL,
    each=True,
)
POLICIES = TypeReader(
    type=_POLICY,
    service="organizations",
    actions=(
        "organizations:DescribeOrganization",
        "organizations:ListRoots",
        "organizations:ListPolicies",
        "organizations:DescribePolicy",
        "organizations:ListTargetsForPolicy",
        "organizations:ListTagsForResource",
    ),
    items=_policies,
    identity=lambda item: str(item["Id"]),
    read=_policy,
    parts=(_ATTACHMENT,),
    scope=Scope.GLOBAL,
    each=True,
)
