"""Documents that cannot be executed are refused, and executions that end badly say where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.embedded.judged import bucket, encrypt
from tests.embedded.test_remediation import CHECK, ENCRYPT, READ, WRITES, Automation, allow

Client = Callable[..., Any]

LIST: dict[str, Any] = {
    "name": "list",
    "action": "aws:executeAwsApi",
    "inputs": {"Service": "s3", "Api": "ListBuckets"},
}
INVALID: dict[str, tuple[list[dict[str, Any]], str]] = {
    "empty": ([], "has no step"),
    "unnamed": ([{**LIST, "name": ""}], "no name"),
    "twice": ([LIST, LIST], "more than one step has the name list"),
    "next": ([{**LIST, "nextStep": "no-such"}], "nextStep of list names no step: no-such"),
    "failing": ([{**LIST, "onFailure": "step:gone"}], "onFailure of list names no step: step:gone"),
    "misspelt": ([{**LIST, "onFailure": "Ignore"}], "onFailure of list names no step: Ignore"),
    "bare": ([{**LIST, "onFailure": "list"}], "onFailure of list names no step: list"),
    "unselected": ([{**LIST, "outputs": [{"Name": "All", "Type": "String"}]}], "no selector"),
}


@pytest.mark.parametrize("name", INVALID)
def test_a_document_that_cannot_be_executed_is_refused(client: Client, name: str) -> None:
    steps, why = INVALID[name]
    automation = Automation(client, f"invalid-{name}")
    automation.make(*steps)
    with pytest.raises(ClientError, match=why) as raised:
        automation.run()
    assert raised.value.response["Error"]["Code"] == "InvalidDocumentContent"


def test_steps_that_never_end_are_stopped(client: Client) -> None:
    automation = Automation(client, "loops-for-ever")
    automation.make({**LIST, "nextStep": "list"})
    automation.may(allow(["s3:ListAllMyBuckets"], "*"))
    run = automation.run()
    assert run["AutomationExecutionStatus"] == "Failed"
    assert run["FailureMessage"] == "more than 100 steps were executed"
    assert len(run["StepExecutions"]) == 100


@pytest.mark.parametrize(
    ("kind", "value"),
    [("Integer", "x"), ("Boolean", "yes"), ("StringMap", "{")],
)
def test_a_parameter_must_be_of_its_type(client: Client, kind: str, value: str) -> None:
    automation = Automation(client, f"typed-{kind.lower()}-{len(value)}")
    declared = {name: {"type": "String"} for name in ("AutomationAssumeRole", "BucketName")}
    automation.make(LIST, parameters={**declared, "Given": {"type": kind}})
    with pytest.raises(ClientError, match=f"Given is not of type {kind}"):
        automation.run(Given=value)


def test_the_failed_step_goes_with_its_own_error(client: Client) -> None:
    automation = Automation(client, "fails-twice")
    passed_over = {**CHECK, "onFailure": "Continue", "isCritical": False}
    script = {"name": "script", "action": "aws:executeScript", "inputs": {}}
    automation.make(passed_over, script)
    automation.may(allow(["s3:GetBucketVersioning"]))
    bucket(automation.at)
    message = automation.run()["FailureMessage"]
    assert message.startswith("Step script failed: ")
    assert "aws:executeScript" in message


def test_a_step_that_is_passed_over_is_not_why_a_later_one_failed(client: Client) -> None:
    automation = Automation(client, "fails-later")
    passed_over = {**CHECK, "onFailure": "Continue", "isCritical": False}
    critical = {**CHECK, "name": "critical", "onFailure": "Continue"}
    automation.make(passed_over, critical, ENCRYPT, READ)
    automation.may(WRITES, allow(["s3:GetBucketVersioning"]))
    encrypt(automation.at, "aws:kms")
    run = automation.run()
    assert run["AutomationExecutionStatus"] == "Failed"
    assert run["FailureMessage"].startswith("Step critical failed: ")
