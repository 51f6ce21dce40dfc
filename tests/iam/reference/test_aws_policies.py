"""AWS's own managed policies, as far as they are known by their ARNs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from revet.iam.reference.aws_policies import aws_policy, is_aws_policy, is_known_aws_policy

AWS: dict[str, Any] = json.loads(aws_managed_policies_data)
PREFIX = "arn:aws:iam::aws:policy/"


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_administrator_access_is_everything_everywhere(partition: str) -> None:
    document = aws_policy(f"arn:{partition}:iam::aws:policy/AdministratorAccess")
    assert document is not None
    (statement,) = document.statements
    assert (statement.effect, statement.actions, statement.resources) == ("Allow", ("*",), ("*",))
    assert not statement.conditions


@pytest.mark.parametrize("name", ["IAMFullAccess", "PowerUserAccess"])
def test_others_are_known_in_one_partition(name: str) -> None:
    assert aws_policy(f"{PREFIX}{name}") is not None
    assert aws_policy(f"arn:aws-cn:iam::aws:policy/{name}") is None


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::111122223333:policy/AdministratorAccess",
        f"{PREFIX}path/AdministratorAccess",
        f"{PREFIX}ReadOnlyAccess",
        "AdministratorAccess",
        "",
    ],
)
def test_no_document_of_others(arn: str) -> None:
    assert aws_policy(arn) is None


def test_what_is_aws_own() -> None:
    assert is_aws_policy(f"{PREFIX}SomethingNew")
    assert not is_known_aws_policy(f"{PREFIX}SomethingNew")
    assert is_known_aws_policy(f"{PREFIX}job-function/DataScientist") == ("DataScientist" in AWS)
    assert not is_aws_policy("arn:aws:iam::111122223333:policy/SomethingNew")


def test_every_policy_that_is_copied_here_is_known() -> None:
    paths = [f"{policy['Path'].lstrip('/')}{name}" for name, policy in AWS.items()]
    assert all(is_known_aws_policy(f"{PREFIX}{path}") for path in paths)


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
    found = [name for name, one in AWS.items() if allows_everything(one["Document"])]
    assert found == ["AdministratorAccess"]
    assert len(AWS) > 1000
