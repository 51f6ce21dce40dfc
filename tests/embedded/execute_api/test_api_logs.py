"""What is logged of a request, by whose role, and how it comes into the archive."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.embedded.execute_api.conftest import ACCOUNT, Api

Client = Callable[..., Any]
FORMAT = {
    "requestId": "$context.requestId",
    "extendedRequestId": "$context.extendedRequestId",
    "ip": "$context.identity.sourceIp",
    "apiKeyId": "$context.identity.apiKeyId",
    "principal": "$context.authorizer.principalId",
    "httpMethod": "$context.httpMethod",
    "resourcePath": "$context.resourcePath",
    "protocol": "$context.protocol",
    "status": "$context.status",
    "error": "$context.error.responseType",
    "waf": "$context.wafResponseCode",
    "length": "$context.responseLength",
    "nothing": "$context.noSuchVariable",
}
PUSH = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")


class Logged:
    """An API whose stage logs into a group.

    Args:
        api: that is deployed here.
    """

    def __init__(self, api: Api) -> None:
        self.api = api
        api.mock("/a", text='{"a": 1}')
        api.mock("/keyed", apiKeyRequired=True)
        api.deploy()
        self.logs = api.client("logs")
        self.group = f"/access/{api.name}"
        self.logs.create_log_group(logGroupName=self.group)
        self.execution = f"API-Gateway-Execution-Logs_{api.id}/v1"
        self.log_to(f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{self.group}")
        self.role = f"{api.name}-push"
        trust = {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "apigateway.amazonaws.com"},
                "Action": "sts:AssumeRole",
            },
        }
        made = api.client("iam").create_role(
            RoleName=self.role, AssumeRolePolicyDocument=json.dumps(trust)
        )
        self.may(*PUSH)
        change = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": made["Role"]["Arn"]}]
        api.gateway.update_account(patchOperations=change)

    def log_to(self, arn: str) -> None:
        self.api.patch(
            ("/accessLogSettings/destinationArn", arn),
            ("/accessLogSettings/format", json.dumps(FORMAT)),
        )

    def may(self, *actions: str) -> None:
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
        self.api.client("iam").put_role_policy(
            RoleName=self.role, PolicyName="p", PolicyDocument=policy
        )

    def events(self, group: str = "") -> list[str]:
        found = self.logs.filter_log_events(logGroupName=group or self.group)["events"]
        return [event["message"] for event in found]

    def groups(self) -> list[str]:
        found = self.logs.describe_log_groups(logGroupNamePrefix=self.execution)["logGroups"]
        return [one["logGroupName"] for one in found]


@pytest.fixture
def logged(api: Api) -> Iterator[Logged]:
    yield Logged(api)
    change = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": ""}]
    api.gateway.update_account(patchOperations=change)


def test_an_access_log_says_what_its_format_asks_for(logged: Logged) -> None:
    got = logged.api.get("/a")
    (line,) = [json.loads(one) for one in logged.events()]
    assert line.pop("extendedRequestId") == got.headers["x-amz-apigw-id"]
    assert line == {
        "requestId": got.headers["x-amzn-RequestId"],
        "ip": "127.0.0.1",
        "apiKeyId": "-",
        "principal": "-",
        "httpMethod": "GET",
        "resourcePath": "/a",
        "protocol": "HTTP/1.1",
        "status": "200",
        "error": "-",
        "waf": "-",
        "length": str(len(got.body)),
        "nothing": "-",
    }
    logged.api.get("/keyed")
    logged.api.get("/nothing")
    said = [json.loads(one) for one in logged.events()][1:]
    assert [(one["status"], one["error"]) for one in said] == [
        ("403", "INVALID_API_KEY"),
        ("403", "MISSING_AUTHENTICATION_TOKEN"),
    ]
    assert said[1]["resourcePath"] == "/nothing"


def test_execution_logs_are_as_the_settings_say(logged: Logged) -> None:
    api = logged.api
    api.get("/a")
    assert logged.groups() == []
    api.patch(("/*/*/logging/loglevel", "INFO"), ("/*/*/logging/dataTrace", "false"))
    got = api.send("/a?card=4111111111111111", "GET", headers={"X-Card": "4111111111111111"})
    lines = logged.events(logged.execution)
    request = got.headers["x-amzn-RequestId"]
    assert all(line.startswith(f"({request}) ") for line in lines)
    assert f"({request}) Method completed with status: 200" in lines
    assert "4111111111111111" not in "".join(lines)
    api.patch(("/*/*/logging/dataTrace", "true"))
    api.send("/a", "GET", headers={"X-Card": "4111111111111111"})
    assert "4111111111111111" in "".join(logged.events(logged.execution))
    before = len(logged.events(logged.execution))
    api.patch(("/*/*/logging/loglevel", "ERROR"), ("/*/*/logging/dataTrace", "false"))
    api.get("/a")
    assert len(logged.events(logged.execution)) == before
    api.get("/keyed")
    assert any("API key" in line for line in logged.events(logged.execution)[before:])
    before = len(logged.events(logged.execution))
    api.patch(("/*/*/logging/loglevel", "OFF"))
    api.get("/keyed")
    assert len(logged.events(logged.execution)) == before


@pytest.mark.parametrize("without", ["logs:PutLogEvents", "logs:CreateLogStream"])
def test_logs_are_written_as_far_as_the_role_may(logged: Logged, without: str) -> None:
    logged.may(*(action for action in PUSH if action != without))
    assert logged.api.get("/a").status == 200
    assert logged.events() == []
    lines = [one["message"] for one in logged.api.daemon.not_delivered()]
    assert any(without in line and logged.api.id in line for line in lines)


def test_without_a_role_nothing_is_logged(logged: Logged) -> None:
    change = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": ""}]
    logged.api.gateway.update_account(patchOperations=change)
    logged.api.patch(("/*/*/logging/loglevel", "INFO"))
    assert logged.api.get("/a").status == 200
    assert logged.events() == []
    assert logged.groups() == []


def stream(api: Api, name: str) -> tuple[str, str]:
    """A delivery stream into a bucket: its ARN, and the bucket."""
    iam, bucket = api.client("iam"), f"{api.name}-archive"
    api.client("s3").create_bucket(Bucket=bucket)
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "firehose.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
    role = iam.create_role(
        RoleName=f"{api.name}-deliver", AssumeRolePolicyDocument=json.dumps(trust)
    )["Role"]["Arn"]
    put = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    iam.put_role_policy(
        RoleName=f"{api.name}-deliver",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": put}),
    )
    arn = api.client("firehose").create_delivery_stream(
        DeliveryStreamName=name,
        ExtendedS3DestinationConfiguration={
            "RoleARN": role,
            "BucketARN": f"arn:aws:s3:::{bucket}",
            "Prefix": "logs/",
            "CompressionFormat": "GZIP",
        },
    )["DeliveryStreamARN"]
    return str(arn), bucket


def archived(api: Api, bucket: str) -> str:
    api.daemon.settle()
    s3 = api.client("s3")
    found = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    bodies = [s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read() for one in found]
    return "\n".join(gzip.decompress(body).decode() for body in bodies)


def test_an_access_log_goes_to_a_stream(logged: Logged) -> None:
    arn, bucket = stream(logged.api, f"amazon-apigateway-{logged.api.name}")
    logged.log_to(arn)
    got = logged.api.get("/a")
    assert json.loads(archived(logged.api, bucket))["requestId"] == got.headers["x-amzn-RequestId"]


def test_a_request_is_found_in_the_archive(logged: Logged) -> None:
    """From the id that a client was told to the object that keeps it."""
    api = logged.api
    arn, bucket = stream(api, api.name)
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
    iam = api.client("iam")
    role = iam.create_role(RoleName=f"{api.name}-logs", AssumeRolePolicyDocument=json.dumps(trust))[
        "Role"
    ]["Arn"]
    put = {"Effect": "Allow", "Action": "firehose:PutRecord", "Resource": arn}
    iam.put_role_policy(
        RoleName=f"{api.name}-logs",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": put}),
    )
    logged.logs.put_subscription_filter(
        logGroupName=logged.group,
        filterName="all",
        filterPattern="{ $.status = 2* }",
        destinationArn=arn,
        roleArn=role,
    )
    api.client("firehose").update_destination(
        DeliveryStreamName=api.name,
        CurrentDeliveryStreamVersionId="1",
        DestinationId="destinationId-000000000001",
        ExtendedS3DestinationUpdate={
            "ProcessingConfiguration": {"Enabled": True, "Processors": [{"Type": "Decompression"}]}
        },
    )
    request = api.get("/a").headers["x-amzn-RequestId"]
    refused = api.get("/keyed").headers["x-amzn-RequestId"]
    text = archived(api, bucket)
    assert re.search(request, text)
    assert not re.search(refused, text)
