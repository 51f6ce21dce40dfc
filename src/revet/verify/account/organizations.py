"""An organization: its root, units, accounts and policies, as its management account sees them.

Outside of an organization there is none of it. To another account of it the organization is a fact:
what is in it belongs to the management account, and that policies of it apply is all that is known.
Source: Organizations API Reference, `DescribeOrganization`, which every account of an organization
may call, and the `List…` operations, which the management account and those that it delegates to
may.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import EVERY, Observed
from revet.plan.unread_marks import Mark
from revet.verify.api import Answered, Api
from revet.verify.readers import Draft, tagged

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


def aws_organizations_organization(one: Draft) -> None:
    """Its roots, with the types of policies that are enabled."""
    if not _is_own(one.api, one.item["Organization"]):
        one.mode = "data"
        return
    said = one.answer(lambda: one.ask("ListRoots"), "roots", "enabled_policy_types")
    one.values["roots"] = [
        {
            "id": root["Id"],
            "arn": root["Arn"],
            "name": root["Name"],
            "policy_types": [
                {"type": kind["Type"], "status": kind["Status"]} for kind in root["PolicyTypes"]
            ],
        }
        for root in said.get("Roots", ())
    ]
    one.values["enabled_policy_types"] = _enabled(said.get("Roots", ()))


def _enabled(roots: Any) -> list[str]:  # noqa: ANN401 - JSON
    return [
        kind["Type"]
        for root in roots
        for kind in root["PolicyTypes"]
        if kind["Status"] == "ENABLED"
    ]


def list_aws_organizations_organizational_unit(api: Api, _region: str) -> Iterator[dict[str, Any]]:
    """Every unit with what it is in, from the root down."""
    if not _is_own(api, _organization(api)):
        return
    above = [root["Id"] for root in api.call("organizations", "list_roots")["Roots"]]
    while above:
        parent = above.pop()
        list_units = "list_organizational_units_for_parent"
        said = api.call("organizations", list_units, ParentId=parent)["OrganizationalUnits"]
        for unit in said:
            yield {**unit, "parent": parent}
            above.append(unit["Id"])


def list_aws_organizations_account(api: Api, _region: str) -> Any:  # noqa: ANN401 - JSON
    """The accounts, to the management account."""
    own = _is_own(api, _organization(api))
    return api.call("organizations", "list_accounts")["Accounts"] if own else []


def list_aws_organizations_policy(api: Api, _region: str) -> Iterator[dict[str, Any]]:
    """Policies of every type that is enabled; nothing of an organization that is another's."""
    organization = _organization(api)
    if not _is_own(api, organization):
        if organization:
            yield {"Id": EVERY}
        return
    roots = api.call("organizations", "list_roots")["Roots"]
    for kind in dict.fromkeys((*_ALWAYS, *_enabled(roots))):
        yield from api.call("organizations", "list_policies", Filter=kind)["Policies"]


def aws_organizations_policy(one: Draft) -> list[Observed]:
    """A policy with what it is attached to; AWS's own are facts."""
    if one.id == EVERY:
        one.type, one.values, one.rest = _ATTACHMENT, {}, _ANOTHERS
        return []
    said = one.answer(lambda: one.ask("DescribePolicy", PolicyId="{id}")["Policy"], "content")
    one.values |= {
        "arn": one.item["Arn"],
        "name": one.item["Name"],
        "description": one.item.get("Description", ""),
        "type": one.item["Type"],
        "content": one.need(said, "Content", "content"),
    }
    links = Answered()
    targets = links.answer(lambda: one.ask("ListTargetsForPolicy", PolicyId="{id}"), _ATTACHMENT)
    if one.item["AwsManaged"]:
        one.values |= {"policy_id": one.id, "aws_managed": True}
        one.mode = "data"
    else:
        ask = one.answer(
            lambda: one.ask("ListTagsForResource", ResourceId="{id}"), "tags", "tags_all"
        )
        one.values |= tagged(ask.get("Tags"))
    return [
        *(Observed(_ATTACHMENT, EVERY, {}, rest=mark) for mark in links.unknown.values()),
        *(
            Observed(_ATTACHMENT, own, {"id": own, "policy_id": one.id, "target_id": target})
            for target in (each["TargetId"] for each in targets.get("Targets", ()))
            for own in [f"{target}:{one.id}"]
        ),
    ]
