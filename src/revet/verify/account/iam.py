"""IAM: roles with the longest session that they give, and those that services own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.unread_marks import denied
from revet.verify.api import Api
from revet.verify.read_only import ReadDeniedError
from revet.verify.readers import Draft

_LINKED = "/aws-service-role/"
_SESSION = "max_session_duration"


def list_aws_iam_role(api: Api, _region: str) -> Iterator[dict[str, Any]]:
    """Every role; how long its sessions last is in another listing.

    Source: IAM API Reference, `RoleDetail`, which does not have it, and `ListRoles`, which does.
    """
    found = api.call("iam", "get_account_authorization_details", Filter=["Role"])["RoleDetailList"]
    told: dict[str, Any] = {}
    try:
        for role in api.call("iam", "list_roles")["Roles"] if found else ():
            told[role["Arn"]] = {_SESSION: role.get("MaxSessionDuration")}
    except ReadDeniedError as error:
        told = {role["Arn"]: {"denied": error.action} for role in found}
    for role in found:
        yield {**role, "session": told.get(role["Arn"], {})}


def aws_iam_role(one: Draft) -> None:
    """A service-linked role is of a type of its own: only AWS changes it."""
    said = one.item["session"]
    if "denied" in said:
        one.unknown[_SESSION] = denied(said["denied"])
    else:
        longest = said.get(_SESSION)
        known = {} if longest is None else {"MaxSessionDuration": longest}
        one.values[_SESSION] = one.need(known, "MaxSessionDuration", _SESSION)
    path = one.item["Path"]
    if path.startswith(_LINKED):
        kept = ("name", "arn", "path", "unique_id", "tags", "tags_all")
        one.values = {name: one.values[name] for name in kept if name in one.values}
        one.unknown.pop(_SESSION, None)
        one.type, one.parts, one.id = "aws_iam_service_linked_role", (), one.item["Arn"]
        one.values["id"] = one.id
        one.values["aws_service_name"] = path.removeprefix(_LINKED).strip("/")
        one.values["custom_suffix"] = one.item["RoleName"].partition("_")[2]
