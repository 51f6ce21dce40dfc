"""Calls as CloudTrail events."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.embedded.wire import raw, signed_headers

from revet.embedded import Daemon
from revet.embedded.recorder import is_read_only
from revet.embedded.redaction import REDACTED

Client = Callable[..., Any]
HIDDEN = "hunter2-c"


def last(daemon: Daemon, name: str) -> dict[str, Any]:
    return next(call for call in reversed(daemon.calls()) if call["eventName"] == name)


def test_an_event_has_cloudtrails_form(client: Client, daemon: Daemon) -> None:
    client("kms").create_alias(
        AliasName="alias/recorded", TargetKeyId=client("kms").create_key()["KeyMetadata"]["KeyId"]
    )
    event = last(daemon, "CreateAlias")
    assert event["eventSource"] == "kms.amazonaws.com"
    assert event["awsRegion"] == "us-east-1"
    assert event["requestParameters"]["aliasName"] == "alias/recorded"
    assert event["userIdentity"]["type"] == "Root"
    assert event["userIdentity"]["arn"] == "arn:aws:iam::123456789012:root"
    assert event["recipientAccountId"] == "123456789012"
    assert event["readOnly"] is False
    assert "errorCode" not in event
    assert "unparsed" not in event["additionalEventData"]


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_buckets_are_named_in_either_address_style(
    region: str, client: Client, daemon: Daemon
) -> None:
    location = {} if region == "us-east-1" else {"LocationConstraint": region}
    for style in ("virtual", "path"):
        s3 = client("s3", region=region, config={"s3": {"addressing_style": style}})
        name = f"recorded-{style}-{region}"
        settings = {"CreateBucketConfiguration": location} if location else {}
        s3.create_bucket(Bucket=name, **settings)
        s3.put_object(Bucket=name, Key="a/b", Body=b"secret content")
        event = last(daemon, "PutObject")
        assert event["requestParameters"]["bucketName"] == name
        assert event["requestParameters"]["key"] == "a/b"
        assert event["awsRegion"] == region
        assert "secret content" not in json.dumps(event)


def test_errors_are_recorded(client: Client, daemon: Daemon) -> None:
    with pytest.raises(ClientError):
        client("iam").get_role(RoleName="absent")
    event = last(daemon, "GetRole")
    assert event["errorCode"] == "NoSuchEntity"
    assert "absent" in event["errorMessage"]
    assert event["readOnly"] is True


def test_secrets_are_not_recorded(client: Client, daemon: Daemon) -> None:
    client("secretsmanager").create_secret(Name="recorded", SecretString="hunter2-a")
    client("ssm").put_parameter(Name="/recorded", Value="hunter2-b", Type="SecureString")
    client("iam").create_user(UserName="recorded")
    client("iam").create_login_profile(UserName="recorded", Password=HIDDEN)
    client("rds").create_db_instance(
        DBInstanceIdentifier="recorded",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        MasterUsername="owner",
        MasterUserPassword="hunter2-d",
    )
    text = json.dumps(daemon.calls())
    assert "hunter2" not in text
    assert last(daemon, "CreateSecret")["requestParameters"]["secretString"] == REDACTED
    assert last(daemon, "CreateDBInstance")["requestParameters"]["masterUsername"] == "owner"


def test_a_request_that_cannot_be_read_says_so(daemon: Daemon) -> None:
    host = "s3.us-east-1.amazonaws.com"
    headers = signed_headers(daemon, "s3", host, method="PATCH", target="/bucket", headers={})
    lines = [f"{name}: {text}" for name, text in headers.items()]
    status, _ = raw(daemon, host, "\r\n".join(["PATCH /bucket HTTP/1.1", *lines]))
    assert status == 400
    event = daemon.calls()[-1]
    assert event["requestParameters"] is None
    assert event["eventName"] is None
    assert "no operation of `s3` matches" in event["additionalEventData"]["unparsed"]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("DescribeVpcs", True),
        ("GetCallerIdentity", True),
        ("HeadBucket", True),
        ("BatchGetItem", True),
        ("PutObject", False),
        ("AssumeRole", False),
        ("", False),
    ],
)
def test_read_only(operation: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_read_only(operation) is expected
