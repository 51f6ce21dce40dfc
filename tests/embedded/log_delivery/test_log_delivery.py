"""Log events come into the archive, by the roles that the stack gave for it."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.embedded.log_delivery.conftest import ACCOUNT, Way, allow

from revet.embedded import Daemon, start_daemon, stop_daemon

Client = Callable[..., Any]


def test_events_that_match_are_archived(way: Way) -> None:
    way.make()
    way.subscribe("?CRITICAL ?ERROR")
    way.put("fine", "an ERROR", "CRITICAL one")
    done = way.daemon.settle()
    assert done["quiet"]
    assert way.archived() == ["an ERROR", "CRITICAL one"]
    (key,) = way.objects()
    day = dt.datetime.now(dt.UTC).strftime("%Y/%m/%d")
    assert re.fullmatch(rf"logs/{day}/{way.name}-1-[0-9-]{{19}}-[0-9a-f-]{{36}}\.gz", key)
    head = way.client("s3").head_object(Bucket=way.bucket, Key=key)
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", way.key)
    assert way.daemon.settle()["delivered"] == 0


def test_a_message_says_where_it_is_from(way: Way) -> None:
    way.make()
    way.subscribe()
    way.put("one")
    way.daemon.settle()
    (body,) = way.objects().values()
    data = json.loads(gzip.decompress(body))
    assert data["messageType"] == "DATA_MESSAGE"
    assert (data["owner"], data["logGroup"], data["logStream"]) == (ACCOUNT, way.group, "one")
    assert data["subscriptionFilters"] == ["to-archive"]
    assert isinstance(data["logEvents"][0]["id"], str)


@pytest.mark.parametrize("without", ["s3:PutObject", "kms:GenerateDataKey"])
def test_what_the_role_may_not_waits(way: Way, without: str) -> None:
    way.make()
    way.subscribe()
    way.delivery_role(without=without)
    way.put("kept")
    done = way.daemon.settle()
    assert any(without in line for line in done["failed"])
    assert way.objects() == {}
    assert any(way.name in one["message"] for one in way.daemon.not_delivered())
    way.delivery_role()
    way.daemon.settle()
    assert way.archived() == ["kept"]


def test_a_bucket_policy_decides(way: Way) -> None:
    way.make()
    way.subscribe()
    policy = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{way.bucket}/*",
            "Condition": {
                "StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "other"}
            },
        },
    }
    s3 = way.client("s3")
    s3.put_bucket_policy(Bucket=way.bucket, Policy=json.dumps(policy))
    way.put("kept")
    assert any("explicit deny" in line for line in way.daemon.settle()["failed"])
    s3.delete_bucket_policy(Bucket=way.bucket)
    way.daemon.settle()
    assert way.archived() == ["kept"]


@pytest.mark.parametrize("state", ["disabled", "deleted"])
def test_a_key_that_cannot_be_used_keeps_events_waiting(way: Way, state: str) -> None:
    way.make()
    way.subscribe()
    kms = way.client("kms")
    if state == "disabled":
        kms.disable_key(KeyId=way.key.rpartition("/")[2])
    else:
        kms.schedule_key_deletion(KeyId=way.key.rpartition("/")[2], PendingWindowInDays=7)
    way.put("kept")
    assert any(way.key in line for line in way.daemon.settle()["failed"])
    assert way.objects() == {}


def test_a_role_that_does_not_trust_the_service_delivers_nothing(way: Way) -> None:
    way.make()
    way.subscribe()
    iam = way.client("iam")
    for role in ("logs", "delivery"):
        iam.update_assume_role_policy(
            RoleName=f"{way.name}-{role}",
            PolicyDocument=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"Service": "ec2.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    },
                }
            ),
        )
    way.put("lost")  # the producer's call does not fail
    assert any("not authorized" in line for line in way.daemon.settle()["failed"])
    assert way.objects() == {}


def test_a_filter_without_a_working_way_is_refused(way: Way) -> None:
    way.make()
    logs = way.client("logs")
    role = way.role("logs", "logs.amazonaws.com", allow(("firehose:PutRecord", "arn:aws:x:::y")))
    place = {"logGroupName": way.group, "filterName": "f", "destinationArn": way.stream_arn}
    with pytest.raises(ClientError, match="Could not deliver test message") as raised:
        logs.put_subscription_filter(**place, filterPattern="", roleArn=role)
    assert raised.value.response["Error"]["Code"] == "InvalidParameterException"
    with pytest.raises(ClientError, match="Invalid filter pattern"):
        logs.put_subscription_filter(**place, filterPattern="{ $.a", roleArn=role)
    assert logs.describe_subscription_filters(logGroupName=way.group)["subscriptionFilters"] == []


def test_what_cannot_be_processed_goes_to_the_error_prefix(way: Way) -> None:
    way.make()
    answer = way.client("firehose").put_record(
        DeliveryStreamName=way.name, Record={"Data": b"not compressed"}
    )
    assert answer["RecordId"]
    way.daemon.settle()
    (key,) = way.objects()
    assert key.startswith("failed/processing-failed/")
    assert json.loads(way.objects()[key])["errorCode"] == "DecompressionFailed"


def test_errors_of_a_delivery_are_logged_and_do_not_go_round(way: Way) -> None:
    options = {"Enabled": True, "LogGroupName": way.group, "LogStreamName": "one"}
    way.make(CloudWatchLoggingOptions=options)
    way.subscribe()
    way.delivery_role(without="s3:PutObject")
    way.put("kept")
    assert way.daemon.settle()["quiet"]
    events = way.client("logs").filter_log_events(
        logGroupName=way.group, filterPattern='{ $.errorCode = "S3.AccessDenied" }'
    )["events"]
    assert json.loads(events[0]["message"])["deliveryStreamARN"] == way.stream_arn
    way.delivery_role()
    assert way.daemon.settle()["quiet"]
    assert "kept" in way.archived()


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ({"CompressionFormat": "Snappy"}, "Snappy"),
        ({"Prefix": "!{partitionKeyFromQuery:x}/"}, "partitionKeyFromQuery"),
        (
            {
                "ProcessingConfiguration": {
                    "Enabled": True,
                    "Processors": [
                        {
                            "Type": "Lambda",
                            "Parameters": [
                                {"ParameterName": "LambdaArn", "ParameterValue": "arn:aws:x"}
                            ],
                        }
                    ],
                }
            },
            "Lambda",
        ),
    ],
    ids=["compression", "prefix", "processor"],
)
def test_what_is_not_run_is_named_and_nothing_is_written(
    way: Way, more: dict[str, Any], missing: str
) -> None:
    way.make(**more)
    way.subscribe()
    way.put("kept")
    assert any(missing in line for line in way.daemon.settle()["failed"])
    assert way.objects() == {}


def test_events_come_into_kinesis(way: Way) -> None:
    kinesis, logs = way.client("kinesis"), way.client("logs")
    kinesis.create_stream(StreamName=way.name, ShardCount=1)
    arn = kinesis.describe_stream(StreamName=way.name)["StreamDescription"]["StreamARN"]
    logs.create_log_group(logGroupName=way.group)
    logs.create_log_stream(logGroupName=way.group, logStreamName="one")
    role = way.role("logs", "logs.amazonaws.com", allow(("kinesis:PutRecord", arn)))
    logs.put_subscription_filter(
        logGroupName=way.group,
        filterName="f",
        filterPattern="ERROR",
        destinationArn=arn,
        roleArn=role,
    )
    way.put("fine", "ERROR")
    way.daemon.settle()
    shard = kinesis.get_shard_iterator(
        StreamName=way.name, ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    (record,) = kinesis.get_records(ShardIterator=shard)["Records"]
    data = json.loads(gzip.decompress(record["Data"]))
    assert [event["message"] for event in data["logEvents"]] == ["ERROR"]


SEES = """
import base64, gzip, json
def handler(event, context):
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    print("SEEN", data["logGroup"], [one["message"] for one in data["logEvents"]])
"""


def test_events_come_to_a_function_that_admits_them(way: Way) -> None:
    logs, lambda_ = way.client("logs"), way.client("lambda")
    logs.create_log_group(logGroupName=way.group)
    logs.create_log_stream(logGroupName=way.group, logStreamName="one")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", SEES)
    writes = allow((["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "*"))
    arn = lambda_.create_function(
        FunctionName=way.name,
        Runtime="python3.11",
        Role=way.role("run", "lambda.amazonaws.com", writes),
        Handler="index.handler",
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]
    place = {"logGroupName": way.group, "filterName": "f", "filterPattern": "ERROR"}
    with pytest.raises(ClientError, match="Could not execute the lambda function"):
        logs.put_subscription_filter(**place, destinationArn=arn)
    lambda_.add_permission(
        FunctionName=way.name,
        StatementId="logs",
        Action="lambda:InvokeFunction",
        Principal="logs.amazonaws.com",
        SourceArn=f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{way.group}:*",
        SourceAccount=ACCOUNT,
    )
    logs.put_subscription_filter(**place, destinationArn=arn)
    way.put("fine", "an ERROR")
    way.daemon.wait_until_quiet()
    events = logs.filter_log_events(logGroupName=f"/aws/lambda/{way.name}", filterPattern="SEEN")
    (line,) = [event["message"].strip() for event in events["events"]]
    assert line == f"SEEN {way.group} ['an ERROR']"


def test_records_wait_across_a_restart(state: Path, client_for: Client) -> None:
    daemon = start_daemon(state)
    (state / "faults-expected").touch()  # it cannot be delivered at first
    way = Way(daemon, lambda service: client_for(daemon, service), "way-restarted")
    way.make()
    way.subscribe()
    way.delivery_role(without="s3:PutObject")
    way.put("kept")
    daemon.settle()
    stop_daemon(state)
    daemon = start_daemon(state)
    way = Way(daemon, lambda service: client_for(daemon, service), "way-restarted")
    way.delivery_role()
    daemon.settle()
    assert way.archived() == ["kept"]


def test_what_is_under_way_is_no_resource(way: Way, daemon: Daemon) -> None:
    way.make()
    way.subscribe()
    way.delivery_role(without="s3:PutObject")
    way.put("kept")
    daemon.settle()
    assert not [path for path in daemon.inventory() if "revet_" in path]
