"""IAM Identity Center: permission sets of an instance that this account owns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.verify.api import Api
from revet.verify.readers import Draft

_MEMBERS = {
    "description": "Description",
    "session_duration": "SessionDuration",
    "relay_state": "RelayState",
}


def list_aws_ssoadmin_permission_set(api: Api, region: str) -> Iterator[dict[str, Any]]:
    """Permission sets, each with its instance; an account without one has none."""
    for instance in api.call("sso-admin", "list_instances", region)["Instances"]:
        if instance["OwnerAccountId"] == api.account:
            arn = instance["InstanceArn"]
            found = api.call("sso-admin", "list_permission_sets", region, InstanceArn=arn)
            yield from ({"item": name, "instance": arn} for name in found["PermissionSets"])


def before_aws_ssoadmin_permission_set(one: Draft) -> None:
    """Without its description nothing of a permission set is known."""
    asked = {"InstanceArn": "{instance_arn}", "PermissionSetArn": "{arn}"}
    said = one.ask("DescribePermissionSet", **asked)["PermissionSet"]
    one.values |= {name: said.get(key, "") for name, key in _MEMBERS.items()}
    one.values["name"] = said["Name"]
