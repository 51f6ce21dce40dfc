"""A text that is marked sensitive is judged where its form decides, and never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.gate.test_beyond_cases import found

from revet.model.finding import Status
from revet.plan import load_plan

MakePlan = Callable[..., dict[str, Any]]
LOGS = "arn:aws:logs:us-west-2:111122223333:log-group:flow"
ROLE = "arn:aws:iam::111122223333:role/orders"


def judged(plan: dict[str, Any], control: str, address: str, hidden: str) -> tuple[Status, str]:
    for change in plan["resource_changes"]:
        if change["address"] == address:
            change["change"]["after_sensitive"] = {hidden: True}
    finding = found(load_plan(plan), control, address)
    return finding.status, f"{finding.implemented} {finding.resolve}"


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("source_account", "111122223333", Status.PASS),
        ("source_account", "acme-data", Status.UNKNOWN),
        ("principal_org_id", "o-a1b2c3d4e5", Status.PASS),
        ("principal_org_id", "r-a1b2", Status.UNKNOWN),
        ("source_arn", ROLE, Status.UNKNOWN),
    ],
)
def test_whom_a_permission_is_for(
    make_plan: MakePlan, name: str, value: str, status: Status
) -> None:
    values = {
        "action": "lambda:InvokeFunction",
        "function_name": "orders",
        "principal": "s3.amazonaws.com",
        name: value,
    }
    plan = make_plan({"aws_lambda_permission": {"in": values}})
    told = judged(plan, "lambda-permission-source", "aws_lambda_permission.in", name)
    assert told[0] is status
    assert value not in told[1]


@pytest.mark.parametrize(("authorizer", "is_set"), [("a1b2c3", True), ("", False)])
def test_an_empty_text_is_none(make_plan: MakePlan, authorizer: str, *, is_set: bool) -> None:
    values = {
        "rest_api_id": "a1",
        "resource_id": "r1",
        "http_method": "POST",
        "authorization": "CUSTOM",
        "authorizer_id": authorizer,
    }
    plan = load_plan(make_plan({"aws_api_gateway_method": {"post": values}}))
    hidden = make_plan({"aws_api_gateway_method": {"post": values}})
    hidden["resource_changes"][0]["change"]["after_sensitive"] = {"authorizer_id": True}
    method, secret = (
        one.resources["aws_api_gateway_method.post"] for one in (plan, load_plan(hidden))
    )
    assert method.is_set("authorizer_id") is secret.is_set("authorizer_id")
    assert secret.is_set("authorizer_id") is is_set


@pytest.mark.parametrize(("value", "status"), [(ROLE, Status.UNKNOWN), ("orders", Status.FAIL)])
def test_an_argument_that_takes_an_arn(make_plan: MakePlan, value: str, status: Status) -> None:
    values = {"vpc_id": "vpc-1", "log_destination": LOGS, "iam_role_arn": value}
    plan = make_plan({"aws_flow_log": {"all": values}})
    told = judged(plan, "ec2-flow-log-role", "aws_flow_log.all", "iam_role_arn")
    assert told[0] is status
    assert f"`{value}`" not in told[1]
