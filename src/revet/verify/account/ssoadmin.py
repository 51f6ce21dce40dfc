"""IAM Identity Center: permission sets of an instance that this account owns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.verify.api import Api


def list_aws_ssoadmin_permission_set(api: Api, region: str) -> Iterator[dict[str, Any]]:
    """Permission sets, each with its instance; an account without one has none."""
    for instance in api.call("sso-admin", "list_instances", region)["Instances"]:
        if instance["OwnerAccountId"] == api.account:
            arn = instance["InstanceArn"]
            found = api.call("sso-admin", "list_permission_sets", region, InstanceArn=arn)
            yield from ({"item": name, "instance": arn} for name in found["PermissionSets"])
