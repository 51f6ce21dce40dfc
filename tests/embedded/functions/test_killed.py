"""The embedded AWS is killed in the middle of work: nothing that it answered is lost."""

from __future__ import annotations

import gzip
import json
import os
import select
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.embedded.functions.deployed import FAILS, Deployed

from revet.embedded import start_daemon, stop_daemon

WORKS = """
import json, boto3
s3 = boto3.client("s3")
def handler(event, context):
    for record in event["Records"]:
        name = json.dumps(record)
        s3.put_object(Bucket="out", Key=f"{context.aws_request_id}", Body=name.encode())
"""
WAITS = """
import boto3
s3 = boto3.client("s3")
def handler(event, context):
    s3.put_object(Bucket="out", Key=f"begun/{context.aws_request_id}")
    s3.get_waiter("bucket_exists").wait(
        Bucket="go-ahead", WaiterConfig={"Delay": 0, "MaxAttempts": 100_000})
    for record in event.get("Records") or [{"body": event["name"]}]:
        s3.put_object(Bucket="out", Key=f"done/{record['body']}")
"""


@pytest.fixture
def own(state: Path, client_for: Callable[..., Any]) -> Iterator[Deployed]:
    def client(service: str, **settings: Any) -> Any:  # noqa: ANN401 - boto3's clients
        return client_for(made.daemon, service, **settings)

    made = Deployed(start_daemon(state), client, "own")
    made.s3.create_bucket(Bucket="out")
    yield made
    assert made.daemon.internal_errors() == []
    stop_daemon(state)


def kill(own: Deployed) -> None:
    process = os.pidfd_open(own.daemon.pid)
    os.kill(own.daemon.pid, signal.SIGKILL)
    select.select([process], [], [], 30)
    os.close(process)


def kill_and_restart(own: Deployed) -> None:
    kill(own)
    own.daemon = start_daemon(own.daemon.state_dir)
    own.clients.clear()


def objects(own: Deployed, prefix: str = "") -> list[str]:
    pages = own.s3.get_paginator("list_object_versions").paginate(Bucket="out", Prefix=prefix)
    return sorted(one["Key"] for page in pages for one in page.get("Versions", ()))


def wait_until_begun(own: Deployed, name: str) -> None:
    """Until a function is in the middle of its work."""
    own.s3.get_waiter("object_exists").wait(
        Bucket="out", Key=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )


def test_events_that_were_accepted_are_delivered_after_it(own: Deployed) -> None:
    name = own.function("f", WAITS, "s3:PutObject", "s3:ListBucket")
    own.s3.create_bucket(Bucket="go-ahead")
    for number in range(12):
        own.start(name, {"name": str(number)})
    kill_and_restart(own)
    own.daemon.wait_until_quiet()
    assert objects(own, "done/") == sorted(f"done/{number}" for number in range(12))


def test_a_function_in_the_middle_is_run_again(own: Deployed) -> None:
    name = own.function("f", WAITS, "s3:PutObject", "s3:ListBucket")
    started = own.functions.invoke(
        FunctionName=name, InvocationType="Event", Payload=json.dumps({"name": "one"})
    )
    wait_until_begun(own, f"begun/{started['ResponseMetadata']['RequestId']}")
    kill_and_restart(own)
    own.s3.create_bucket(Bucket="go-ahead")
    own.daemon.wait_until_quiet()
    assert objects(own, "done/") == ["done/one"]
    assert own.notes("f") == [], "the try that nobody saw the end of does not count"


def test_a_message_in_the_middle_is_received_again_at_once(own: Deployed) -> None:
    """Its visibility timeout is half an hour, which nobody waits for here."""
    url, arn = own.queue("q", VisibilityTimeout="1800")
    name = own.function("f", WAITS, "s3:PutObject", "s3:ListBucket", "sqs:*", Timeout=60)
    own.functions.create_event_source_mapping(FunctionName=name, EventSourceArn=arn, BatchSize=1)
    own.sqs.send_message(QueueUrl=url, MessageBody="one")
    while not objects(own, "begun/"):
        own.daemon.health()
    kill_and_restart(own)
    own.s3.create_bucket(Bucket="go-ahead")
    own.daemon.wait_until_quiet()
    assert objects(own, "done/") == ["done/one"]
    left = own.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == "0"
    assert left["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_a_message_that_somebody_else_has_received_stays_hidden(own: Deployed) -> None:
    url, arn = own.queue("q", VisibilityTimeout="1800")
    own.sqs.send_message(QueueUrl=url, MessageBody="one")
    [taken] = own.sqs.receive_message(QueueUrl=url)["Messages"]
    name = own.function("f", WAITS, "s3:*", "sqs:*", Timeout=60)
    own.functions.create_event_source_mapping(FunctionName=name, EventSourceArn=arn)
    kill_and_restart(own)
    own.daemon.wait_until_quiet()
    assert objects(own) == []
    own.sqs.delete_message(QueueUrl=url, ReceiptHandle=taken["ReceiptHandle"])
    left = own.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessagesNotVisible"] == "0"


@pytest.mark.parametrize("position", ["LATEST", "TRIM_HORIZON"])
def test_a_stream_is_read_on_from_where_it_was(own: Deployed, position: str) -> None:
    table = own.dynamodb.create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )["TableDescription"]
    own.dynamodb.put_item(TableName="t", Item={"k": {"S": "before"}})
    name = own.function("f", WORKS, "s3:PutObject", "dynamodb:*")
    own.functions.create_event_source_mapping(
        FunctionName=name,
        EventSourceArn=table["LatestStreamArn"],
        StartingPosition=position,
        BatchSize=1,
    )
    for key in ("a", "b"):
        own.dynamodb.put_item(TableName="t", Item={"k": {"S": key}})
        kill_and_restart(own)
    own.daemon.wait_until_quiet()
    kill_and_restart(own)
    own.dynamodb.put_item(TableName="t", Item={"k": {"S": "c"}})
    own.daemon.wait_until_quiet()
    seen: Counter[str] = Counter()
    for key in objects(own):
        body = own.s3.get_object(Bucket="out", Key=key)["Body"].read()
        seen[json.loads(body)["dynamodb"]["Keys"]["k"]["S"]] += 1
    wanted = ["a", "b", "c"] if position == "LATEST" else ["a", "b", "before", "c"]
    assert sorted(seen) == wanted
    assert seen["c"] == 1


def test_tries_are_counted_on_and_one_dead_letter_is_left(own: Deployed) -> None:
    url, arn = own.queue("dead")
    code = FAILS.replace(
        "raise", "__import__('boto3').client('s3').put_object(Bucket='out', Key='began'); raise"
    )
    name = own.function("f", code, "sqs:SendMessage", "s3:PutObject")
    own.functions.update_function_configuration(
        FunctionName=name, DeadLetterConfig={"TargetArn": arn}
    )
    own.start(name, {"a": 1})
    wait_until_begun(own, "began")
    kill_and_restart(own)
    messages = own.messages(url)
    assert [message["Body"] for message in messages] == ['{"a": 1}']
    tries = [text for kind, text in own.notes("f") if kind == "failed"]
    assert {text.partition(":")[0] for text in tries} == {"try 1", "try 2", "try 3"}
    kill_and_restart(own)
    own.daemon.wait_until_quiet()
    left = own.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessagesNotVisible"] == "1"
    assert left["ApproximateNumberOfMessages"] == "0"


def test_logs_on_their_way_arrive_once(own: Deployed) -> None:
    trust = {"Service": ["firehose.amazonaws.com", "logs.amazonaws.com"]}
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole"}],
    }
    role = own.iam.create_role(RoleName="way", AssumeRolePolicyDocument=json.dumps(document))
    allowed = {"Effect": "Allow", "Action": ["s3:*", "firehose:*"], "Resource": "*"}
    own.iam.put_role_policy(
        RoleName="way",
        PolicyName="own",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    )
    arn = role["Role"]["Arn"]
    stream = own.firehose.create_delivery_stream(
        DeliveryStreamName="archive",
        ExtendedS3DestinationConfiguration={"RoleARN": arn, "BucketARN": "arn:aws:s3:::out"},
    )["DeliveryStreamARN"]
    own.logs.create_log_group(logGroupName="g")
    own.logs.create_log_stream(logGroupName="g", logStreamName="s")
    own.logs.put_subscription_filter(
        logGroupName="g", filterName="f", filterPattern="", destinationArn=stream, roleArn=arn
    )
    now = int(own.daemon.health()["time"] * 1000)
    for number in range(6):
        own.logs.put_log_events(
            logGroupName="g",
            logStreamName="s",
            logEvents=[{"timestamp": now, "message": f"line {number}"}],
        )
        kill_and_restart(own)
    own.daemon.settle()
    kill_and_restart(own)
    seen: Counter[str] = Counter()
    for key in objects(own):
        with gzip.open(own.s3.get_object(Bucket="out", Key=key)["Body"]) as body:
            text = body.read().decode()
        for number in range(6):
            seen[f"line {number}"] += text.count(f'"line {number}"')
    assert seen == {f"line {number}": 1 for number in range(6)}
    events = own.logs.get_log_events(logGroupName="g", logStreamName="s")["events"]
    assert [event["message"] for event in events] == [f"line {number}" for number in range(6)]


def test_it_survives_at_any_moment(own: Deployed) -> None:
    """Killed again and again while several write, and while snapshots are made."""
    answered: list[str] = []
    for turn in range(4):
        over = threading.Event()

        def write(who: str, turn: int = turn, over: threading.Event = over) -> None:
            s3, number = own.client("s3"), 0
            while not over.is_set():
                key = f"{turn}-{who}-{number}"
                try:
                    s3.put_object(Bucket="out", Key=key, Body=key.encode())
                except Exception:  # noqa: BLE001 - it was killed
                    return
                answered.append(key)
                number += 1

        writers = [threading.Thread(target=write, args=(who,)) for who in "abc"]
        for writer in writers:
            writer.start()
        before = len(answered)
        while len(answered) < before + 10:
            own.daemon.snapshot()
        kill(own)
        over.set()
        for writer in writers:
            writer.join()
        own.daemon = start_daemon(own.daemon.state_dir)
        own.clients.clear()
        there = objects(own)
        assert Counter(there) & Counter(answered) == Counter(answered), "each is there, and once"
        assert max(Counter(there).values()) == 1
