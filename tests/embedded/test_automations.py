"""Documents that cannot be executed are refused, and executions that end badly say where."""

from __future__ import annotations

import json
import re
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
    "output-type": (
        [{**LIST, "outputs": [{"Name": "All", "Selector": "$.Buckets", "Type": "List"}]}],
        "output of list has the unknown type List",
    ),
    "output-list": ([{**LIST, "outputs": {"Name": "All"}}], "outputs of list is not a list"),
    "end": ([{**LIST, "isEnd": "yes"}], "isEnd of list is neither true nor false"),
    "critical": ([{**LIST, "isCritical": "ja"}], "isCritical of list is neither true nor false"),
    "inputs": ([{**LIST, "inputs": ["s3"]}], "inputs of list is not an object"),
    "property": ([{**LIST, "nextstep": "list"}], "unknown property nextstep"),
    "not-text": ([{**LIST, "onFailure": ["Abort"]}], "onFailure, nextStep of a step is not a text"),
}
OF_DOCUMENT: dict[str, tuple[dict[str, Any], str]] = {
    "steps": ({"mainSteps": {"list": LIST}}, "`mainSteps` is not a list of steps"),
    "step": ({"mainSteps": ["list"]}, "`mainSteps` is not a list of steps"),
    "role": ({"assumeRole": ["a"]}, "`assumeRole` is not a text"),
    "outputs": ({"outputs": "list.All"}, "`outputs` is not a list of texts"),
    "output": ({"outputs": ["gone.All"]}, "output names no step: gone.All"),
    "parameters": ({"parameters": ["A"]}, "is not valid"),
    "schema": ({"schemaVersion": "2.2"}, "schema version is not 0.3"),
    **{
        f"parameter-{number}": ({"parameters": {"A": declared}}, why)
        for number, (declared, why) in enumerate(
            (
                ("String", "is not valid"),
                ({}, "is not valid"),
                ({"type": "Text"}, "unknown type Text"),
                ({"type": "List<String>"}, "unknown type List<String>"),
                ({"type": "String", "defualt": "x"}, "unknown attribute defualt"),
                ({"type": "String", "allowedPattern": "("}, "not a regular expression"),
                ({"type": "String", "allowedValues": "x"}, "allowedValues of parameter A"),
                ({"type": "String", "maxChars": "x"}, "limit of parameter A is not a number"),
                ({"type": "String", "default": ["x"]}, "default of parameter A"),
                ({"type": "String", "default": {"x": "y"}}, "default of parameter A"),
                ({"type": "StringList", "default": "x"}, "default of parameter A"),
                ({"type": "Integer", "default": "x"}, "default of parameter A"),
                ({"type": "Integer", "default": 1.5}, "default of parameter A"),
                ({"type": "Integer", "default": True}, "default of parameter A"),
                ({"type": "Boolean", "default": "ja"}, "default of parameter A"),
                ({"type": "StringMap", "default": []}, "default of parameter A"),
                ({"type": "MapList", "default": ["x"]}, "default of parameter A"),
            )
        )
    },
}


@pytest.mark.parametrize("name", OF_DOCUMENT)
def test_a_document_that_is_not_valid_is_refused(client: Client, name: str) -> None:
    more, why = OF_DOCUMENT[name]
    automation = Automation(client, f"invalid-document-{name}")
    with pytest.raises(ClientError, match=re.escape(why)) as raised:
        automation.make(LIST, **more)
    assert raised.value.response["Error"]["Code"] == "InvalidDocumentContent"


def test_a_version_that_is_not_valid_is_refused(client: Client) -> None:
    automation = Automation(client, "invalid-version")
    automation.make(LIST)
    name, written = automation.at.name, {"schemaVersion": "0.3", "mainSteps": []}
    for content, style in ((json.dumps(written), "JSON"), ("schemaVersion: '0.3'", "YAML")):
        with pytest.raises(ClientError, match="`mainSteps` has no step"):
            automation.ssm.update_document(
                Name=name, Content=content, DocumentFormat=style, DocumentVersion="$LATEST"
            )
    assert automation.ssm.describe_document(Name=name)["Document"]["LatestVersion"] == "1"


@pytest.mark.parametrize("content", ["[]", "5", '"x"', "null", "{}"])
def test_content_that_is_not_a_document_is_refused(client: Client, content: str) -> None:
    for kind in ("Automation", "Command"):
        with pytest.raises(ClientError, match="InvalidDocumentContent"):
            client("ssm").create_document(Content=content, Name="no-document", DocumentType=kind)


@pytest.mark.parametrize("name", INVALID)
def test_a_document_that_cannot_be_executed_is_refused(client: Client, name: str) -> None:
    steps, why = INVALID[name]
    automation = Automation(client, f"invalid-{name}")
    with pytest.raises(ClientError, match=why) as raised:
        automation.make(*steps)
    assert raised.value.response["Error"]["Code"] == "InvalidDocumentContent"


def test_steps_that_never_end_are_stopped(client: Client) -> None:
    automation = Automation(client, "loops-for-ever")
    automation.make({**LIST, "nextStep": "list"})
    automation.may(allow(["s3:ListAllMyBuckets"], "*"))
    run = automation.run()
    assert run["AutomationExecutionStatus"] == "Failed"
    assert run["FailureMessage"] == "more than 100 steps were executed"
    assert len(run["StepExecutions"]) == 100


DECLARED: dict[str, dict[str, Any]] = {
    name: {"type": "String"} for name in ("AutomationAssumeRole", "BucketName")
}
NOT_TYPED = [
    *(("Integer", value) for value in ("x", "1.5", "1_000", "٣")),
    *(("Boolean", value) for value in ("yes", "1")),
    *(("StringMap", value) for value in ("{", "[]", "5", '"x"')),
    *(("MapList", value) for value in ("{", "[]", "5")),
]


@pytest.mark.parametrize(("kind", "value"), NOT_TYPED)
def test_a_parameter_must_be_of_its_type(client: Client, kind: str, value: str) -> None:
    automation = Automation(client, f"typed-{NOT_TYPED.index((kind, value))}")
    automation.make(LIST, parameters={**DECLARED, "Given": {"type": kind}})
    with pytest.raises(ClientError, match=f"Given is not of type {kind}"):
        automation.run(Given=value)


def test_a_parameter_has_one_value_unless_it_is_a_list(client: Client) -> None:
    automation = Automation(client, "typed-many")
    types = ("String", "StringList", "List<AWS::EC2::Instance::Id>", "AWS::EC2::Instance::Id")
    for number, kind in enumerate(types):
        automation.at = automation.at._replace(name=f"typed-many-{number}")
        automation.make(LIST, parameters={"Given": {"type": kind}}, assumeRole=automation.role)
        for values in ([], ["a", "b"]):
            start = {"DocumentName": automation.at.name, "Parameters": {"Given": values}}
            several = "List" in kind
            with pytest.raises(ClientError, match="assumed" if several else "is not of type"):
                automation.ssm.start_automation_execution(**start)


@pytest.mark.parametrize(
    ("declared", "value", "why"),
    [
        ({"maxChars": 2}, "abc", "too few, or too many"),
        ({"minChars": 2}, "a", "too few, or too many"),
        ({"minItems": 2}, "a", "too few, or too many"),
        ({"allowedPattern": "^a+$"}, "b", "does not match"),
        ({"allowedValues": ["true"]}, "True", "not among the allowed values"),
        ({}, "{{ssm:name}}", "does not model references in parameter Given"),
    ],
)
def test_a_parameter_keeps_to_what_is_declared(
    client: Client, declared: dict[str, Any], value: str, why: str
) -> None:
    automation = Automation(client, f"declared-{next(iter(declared), 'none').lower()}")
    automation.make(LIST, parameters={**DECLARED, "Given": {"type": "String", **declared}})
    with pytest.raises(ClientError, match=why):
        automation.run(Given=value)


def calls(service: str, api: str, **inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - parameters
    return {**LIST, "inputs": {"Service": service, "Api": api, **inputs}}


NEVER_DONE: list[tuple[dict[str, Any], str]] = [
    (calls("guardduty", "CreateDetector", Enable=True), "does not know what a role needs"),
    (calls("iam", "CreateUser", UserName="x"), "does not know what a role needs"),
    (calls("ssm", "StartAutomationExecution", DocumentName="x"), "does not know what a role needs"),
    (calls("s3", "CreateBucket", Bucket="never-done"), "does not know what a role needs"),
    (calls("nowhere", "DoIt"), "there is no service nowhere"),
    (calls("s3", "DoIt"), "s3 has no operation DoIt"),
    (calls("s3", "can_paginate"), "s3 has no operation can_paginate"),
    ({**LIST, "inputs": {}}, "there is no service"),
    ({**LIST, "inputs": {"Service": "s3"}}, "s3 has no operation"),
    (calls("s3", "ListBuckets", Nonsense="x"), "Unknown parameter"),
    (calls("s3", "ListBuckets", self="x"), "self"),
    (calls("s3", "ListBuckets", DesiredValues=["x"]), "Unknown parameter"),
    (calls("s3", "GetBucketAcl", Bucket="{{ gone.Name }}"), "`gone.Name` is not known"),
    (calls("s3", "GetBucketAcl", Bucket="x-{{ a | b }}"), "reference that is not modelled"),
    (calls("s3", "GetBucketAcl", Bucket="{{ssm:name}}"), "`ssm:name` is not known"),
    (calls("s3", "GetBucketAcl", Bucket=["x"]), "Invalid type"),
    (
        {**LIST, "outputs": [{"Name": "A", "Selector": "$.Owner.ID[0]"}]},
        "selects nothing in the answer",
    ),
    ({**LIST, "outputs": [{"Name": "A", "Selector": "$.Owner.ID[*]"}]}, "selects nothing"),
    ({**LIST, "outputs": [{"Name": "A", "Selector": "$.Gone"}]}, "selects nothing"),
    ({**LIST, "outputs": [{"Name": "A", "Selector": "$..ID"}]}, "does not model the selector"),
    ({**LIST, "action": "aws:executeAutomation"}, "does not execute steps of the action"),
    (
        {**CHECK, "inputs": {**CHECK["inputs"], "DesiredValues": "Enabled"}},
        "DesiredValues is not a list",
    ),
    ({**CHECK, "inputs": {**CHECK["inputs"], "DesiredValues": 5}}, "DesiredValues is not a list"),
]


@pytest.mark.parametrize("number", range(len(NEVER_DONE)))
def test_a_step_that_cannot_be_done_fails_and_says_why(client: Client, number: int) -> None:
    step, why = NEVER_DONE[number]
    automation = Automation(client, f"never-done-{number}")
    automation.make(step)
    automation.may(allow(["*"], "*"))
    bucket(automation.at)
    run = automation.run()
    assert run["AutomationExecutionStatus"] == "Failed"
    assert why in run["FailureMessage"]


def statuses(run: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - an answer
    return [(one["StepName"], one["StepStatus"]) for one in run["StepExecutions"]]


def test_an_end_is_one_whether_the_step_succeeds_or_fails(client: Client) -> None:
    never = {**LIST, "name": "never"}
    for number, failing in enumerate(({}, {"onFailure": "Continue"}, {"onFailure": "step:never"})):
        automation = Automation(client, f"ends-{number}")
        automation.make({**CHECK, "isEnd": True, "nextStep": "never", **failing}, never)
        automation.may(allow(["*"], "*"))
        bucket(automation.at)
        run = automation.run()
        assert statuses(run) == [("check", "Failed")]
        assert run["AutomationExecutionStatus"] == "Failed"


@pytest.mark.parametrize("name", ["Abort", "Continue"])
def test_a_step_named_like_an_answer_to_failure_is_not_jumped_to(client: Client, name: str) -> None:
    automation = Automation(client, f"named-{name.lower()}")
    middle = {**LIST, "name": "middle"}
    automation.make({**CHECK, "onFailure": name}, middle, {**LIST, "name": name})
    automation.may(allow(["*"], "*"))
    bucket(automation.at)
    run = automation.run()
    assert run["AutomationExecutionStatus"] == "Failed"
    after = [] if name == "Abort" else [("middle", "Success"), (name, "Success")]
    assert statuses(run) == [("check", "Failed"), *after]


def test_outputs_keep_their_type_and_are_shown_as_json(client: Client) -> None:
    automation = Automation(client, "typed-outputs")
    rules = "$.ServerSideEncryptionConfiguration.Rules"
    outputs = [
        {"Name": "Rules", "Selector": rules, "Type": "MapList"},
        {"Name": "Keyed", "Selector": f"{rules}[0].BucketKeyEnabled", "Type": "Boolean"},
        {"Name": "Algorithms", "Selector": f"{rules}[*].ApplyServerSideEncryptionByDefault[*]"},
    ]
    again = {
        **ENCRYPT,
        "inputs": {
            **ENCRYPT["inputs"],
            "ServerSideEncryptionConfiguration": {"Rules": "{{ read.Rules }}"},
        },
    }
    shown = ["read.Rules", "read.Keyed", "read.Algorithms"]
    automation.make({**READ, "outputs": outputs}, again, outputs=shown)
    automation.may(WRITES)
    encrypt(automation.at, "AES256")
    run = automation.run()
    assert run["AutomationExecutionStatus"] == "Success"
    said = run["Outputs"]
    assert said == {
        f"read.{name}": texts for name, texts in run["StepExecutions"][0]["Outputs"].items()
    }
    assert [json.loads(one) for one in said["read.Rules"]] == [
        {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
            "BucketKeyEnabled": False,
        }
    ]
    assert said["read.Keyed"] == ["false"]
    assert said["read.Algorithms"] == ["AES256"]


@pytest.mark.parametrize(
    "name",
    [
        "arn:aws:ssm:{0.region}:999999999999:document/{0.name}",
        "arn:aws:ssm:eu-central-1:123456789012:document/{0.name}",
        "somewhere/{0.name}",
    ],
)
def test_a_document_of_another_account_is_not_taken_for_ones_own(client: Client, name: str) -> None:
    automation = Automation(client, f"foreign-{len(name)}")
    automation.make(LIST)
    given = {"AutomationAssumeRole": [automation.role], "BucketName": ["x"]}
    with pytest.raises(ClientError, match="documents of its account only"):
        automation.ssm.start_automation_execution(
            DocumentName=name.format(automation.at), Parameters=given
        )


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
