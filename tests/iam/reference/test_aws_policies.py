"""Of AWS's own managed policies, as moto copies them, which allow everything."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

POLICIES: dict[str, Any] = json.loads(aws_managed_policies_data)


def listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def allows_everything(document: dict[str, Any]) -> bool:
    """Whether one statement allows every action on every resource, whatever else there is."""
    return any(
        statement["Effect"] == "Allow"
        and {"*", "*:*"} & set(map(str, listed(statement.get("Action", []))))
        and "*" in listed(statement.get("Resource", []))
        and not statement.get("Condition")
        for statement in listed(document["Statement"])
        if isinstance(statement, dict)
    )


def test_only_one_policy_of_aws_allows_everything() -> None:
    found = [name for name, one in POLICIES.items() if allows_everything(one["Document"])]
    assert found == ["AdministratorAccess"]
    assert len(POLICIES) > 1000
