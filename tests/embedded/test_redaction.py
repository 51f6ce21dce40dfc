"""A record says what was done to which resource, and never what was in it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session

from revet.embedded.faults import Faults
from revet.embedded.recorder import Recorder
from revet.embedded.redaction import MOST_CHARACTERS, PAYLOADS, redact
from revet.model.errors import PrerequisiteError

HIDDEN = "hunter2"
CASES: list[tuple[str, str, dict[str, Any], str]] = [
    ("sqs", "SendMessage", {"QueueUrl": "q", "MessageBody": HIDDEN}, "q"),
    (
        "sqs",
        "SendMessageBatch",
        {"QueueUrl": "q", "Entries": [{"Id": "1", "MessageBody": HIDDEN}]},
        "q",
    ),
    ("sns", "Publish", {"TopicArn": "t", "Message": HIDDEN, "Subject": HIDDEN}, "t"),
    ("ssm", "PutParameter", {"Name": "n", "Value": HIDDEN, "Type": "String"}, "n"),
    ("secretsmanager", "PutSecretValue", {"SecretId": "s", "SecretString": HIDDEN}, "s"),
    ("kms", "Encrypt", {"KeyId": "k", "Plaintext": HIDDEN.encode()}, "k"),
    ("kms", "Decrypt", {"KeyId": "k", "CiphertextBlob": HIDDEN.encode()}, "k"),
    ("iam", "CreateLoginProfile", {"UserName": "u", "Password": HIDDEN}, "u"),
    ("ec2", "RunInstances", {"ImageId": "ami", "UserData": HIDDEN}, "ami"),
    (
        "lambda",
        "CreateFunction",
        {
            "FunctionName": "f",
            "Code": {"ZipFile": HIDDEN.encode()},
            "Environment": {"Variables": {"TOKEN": HIDDEN}},
        },
        "f",
    ),
    ("lambda", "Invoke", {"FunctionName": "f", "Payload": HIDDEN.encode()}, "f"),
    ("dynamodb", "PutItem", {"TableName": "t", "Item": {"id": {"S": HIDDEN}}}, "t"),
    ("dynamodb", "GetItem", {"TableName": "t", "Key": {"id": {"S": HIDDEN}}}, "t"),
    (
        "dynamodb",
        "Query",
        {"TableName": "t", "ExpressionAttributeValues": {":id": {"S": HIDDEN}}},
        "t",
    ),
    ("kinesis", "PutRecord", {"StreamName": "s", "Data": HIDDEN.encode()}, "s"),
    ("firehose", "PutRecord", {"DeliveryStreamName": "s", "Record": {"Data": HIDDEN}}, "s"),
    ("events", "PutEvents", {"Entries": [{"Source": "s", "Detail": HIDDEN}]}, "s"),
    ("logs", "PutLogEvents", {"logGroupName": "g", "logEvents": [{"message": HIDDEN}]}, "g"),
    ("stepfunctions", "StartExecution", {"stateMachineArn": "a", "input": HIDDEN}, "a"),
    (
        "rds",
        "CreateDBInstance",
        {"DBInstanceIdentifier": "d", "MasterUserPassword": HIDDEN},
        "d",
    ),
    ("s3", "PutObject", {"Bucket": "b", "Key": "k", "Body": HIDDEN.encode()}, "k"),
    (
        "sts",
        "AssumeRoleWithWebIdentity",
        {"RoleArn": "r", "RoleSessionName": "n", "WebIdentityToken": HIDDEN},
        "r",
    ),
    (
        "ecs",
        "RegisterTaskDefinition",
        {
            "family": "f",
            "containerDefinitions": [{"environment": [{"name": "A", "value": HIDDEN}]}],
        },
        "f",
    ),
    (
        "cognito-idp",
        "InitiateAuth",
        {"ClientId": "c", "AuthParameters": {"PASSWORD": HIDDEN}},
        HIDDEN[:0],
    ),
]


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "kept"), CASES, ids=lambda item: str(item)[:20]
)
def test_contents_are_left_out(
    service: str, operation: str, parameters: dict[str, Any], kept: str
) -> None:
    shape = get_session().get_service_model(service).operation_model(operation).input_shape
    payload = PAYLOADS.get((service, operation), frozenset())
    text = json.dumps(redact(parameters, shape, hidden=payload))
    assert HIDDEN not in text
    assert f'"{kept}"' in text or not kept


def test_names_tags_and_policies_stay() -> None:
    document = json.dumps({"Statement": []})
    given = {"PolicyDocument": document, "Tags": [{"Key": "team", "Value": "red"}]}
    model = get_session().get_service_model("iam").operation_model("CreatePolicy")
    assert redact(given, model.input_shape) == given


def test_a_long_text_is_cut() -> None:
    text = redact({"Description": "x" * 100_000})["Description"]
    assert len(text) < MOST_CHARACTERS + 50
    assert text.endswith("(100000 characters)")


@pytest.mark.skipif(os.name != "posix", reason="needs modes and links")
@pytest.mark.parametrize("name", ["calls.jsonl", "faults.jsonl"])
def test_files_are_closed_and_links_are_refused(name: str, tmp_path: Path) -> None:
    def write() -> None:
        if name == "calls.jsonl":
            Recorder(tmp_path).close()
        else:
            Faults(tmp_path).add("refused", "x")

    (tmp_path / name).touch(mode=0o644)
    write()
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    for plant in (Path.symlink_to, Path.hardlink_to):
        (tmp_path / name).unlink()
        plant(tmp_path / name, elsewhere)
        with pytest.raises(PrerequisiteError):
            write()
        assert elsewhere.read_text() == "mine"
    (tmp_path / name).unlink()
