"""Queues and streams that Lambda reads for functions."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.embedded.functions.deployed import ACCOUNT, ECHO, FAILS, LOGS, Deployed

READS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
REPORTS = """
def handler(event, context):
    print(sorted(record["body"] for record in event["Records"]))
    bad = [record["messageId"] for record in event["Records"] if record["body"].startswith("bad")]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in bad]}
"""


def _map(deployed: Deployed, source: str, **settings: Any) -> None:  # noqa: ANN401 - of boto3
    deployed.functions.create_event_source_mapping(
        FunctionName=deployed.name("f"), EventSourceArn=source, **settings
    )


def _redrive(deployed: Deployed, times: int) -> tuple[str, str, str]:
    dead_url, dead = deployed.queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": str(times)})
    url, arn = deployed.queue("q", RedrivePolicy=policy)
    return url, arn, dead_url


def test_a_message_arrives_in_lambdas_form_and_is_deleted(deployed: Deployed) -> None:
    url, arn = deployed.queue("q")
    deployed.function("f", ECHO, *READS)
    _map(deployed, arn)
    deployed.sqs.send_message(
        QueueUrl=url,
        MessageBody="hello",
        MessageAttributes={"a": {"DataType": "String", "StringValue": "b"}},
    )
    (line,) = deployed.printed("f")
    (record,) = json.loads(line)["Records"]
    assert record["body"] == "hello"
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == arn
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"]["a"]["stringValue"] == "b"
    assert deployed.messages(url) == []


def test_only_reported_messages_come_again(deployed: Deployed) -> None:
    url, arn, dead = _redrive(deployed, 2)
    deployed.function("f", REPORTS, *READS)
    for body in ("a", "bad", "c"):
        deployed.sqs.send_message(QueueUrl=url, MessageBody=body)
    _map(deployed, arn, FunctionResponseTypes=["ReportBatchItemFailures"])
    assert deployed.printed("f") == ["['a', 'bad', 'c']", "['bad']"]
    assert [one["Body"] for one in deployed.messages(dead)] == ["bad"]
    assert deployed.messages(url) == []


def test_a_failing_batch_comes_again_whole_until_it_is_dead(deployed: Deployed) -> None:
    url, arn, dead = _redrive(deployed, 3)
    deployed.function(
        "f", "def handler(event, context):\n    print(len(event['Records']))\n    1 / 0\n", *READS
    )
    for body in ("a", "b"):
        deployed.sqs.send_message(QueueUrl=url, MessageBody=body)
    _map(deployed, arn)
    printed = [line for line in deployed.printed("f") if "ERROR" not in line]
    assert printed == ["2"] * 3
    assert sorted(one["Body"] for one in deployed.messages(dead)) == ["a", "b"]


def test_without_a_redrive_policy_a_message_stays_in_the_queue(deployed: Deployed) -> None:
    url, arn = deployed.queue("q")
    deployed.function("f", FAILS, *READS)
    _map(deployed, arn)
    deployed.sqs.send_message(QueueUrl=url, MessageBody="x")
    kinds = [kind for kind, _ in deployed.notes("f")]
    assert kinds == ["failed", "failed", "failed", "given up"]
    assert [one["Body"] for one in deployed.messages(url)] == ["x"]


def test_batches_are_as_large_as_the_mapping_says(deployed: Deployed) -> None:
    url, arn = deployed.queue("q")
    deployed.function("f", "def handler(event, context): print(len(event['Records']))", *READS)
    for place in range(5):
        deployed.sqs.send_message(QueueUrl=url, MessageBody=str(place))
    _map(deployed, arn, BatchSize=2)
    assert deployed.printed("f") == ["2", "2", "1"]


def test_a_filter_leaves_messages_out(deployed: Deployed) -> None:
    url, arn = deployed.queue("q")
    deployed.function("f", REPORTS, *READS)
    pattern = json.dumps({"body": {"kind": ["order"]}})
    _map(deployed, arn, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    for body in ('{"kind": "order"}', '{"kind": "other"}', "no JSON"):
        deployed.sqs.send_message(QueueUrl=url, MessageBody=body)
    assert "".join(deployed.printed("f")) == '[\'{"kind": "order"}\']'
    assert deployed.messages(url) == []


@pytest.mark.parametrize("missing", ["sqs:ReceiveMessage", "sqs:DeleteMessage"])
def test_a_queue_is_read_only_as_the_role_may(missing: str, deployed: Deployed) -> None:
    url, arn = deployed.queue("q")
    deployed.function("f", ECHO, *(action for action in READS if action != missing))
    _map(deployed, arn)
    deployed.sqs.send_message(QueueUrl=url, MessageBody="x")
    notes = deployed.notes("f")
    assert [kind for kind, message in notes if missing in message] == ["not allowed"]
    deployed.allow("f", *READS, *LOGS)
    assert len(deployed.printed("f")) == 1 + (missing == "sqs:DeleteMessage")
    assert deployed.messages(url) == []


def test_a_disabled_mapping_reads_nothing_until_it_is_enabled(deployed: Deployed) -> None:
    url, arn = deployed.queue("q")
    name = deployed.function("f", ECHO, *READS)
    made = deployed.functions.create_event_source_mapping(
        FunctionName=name, EventSourceArn=arn, Enabled=False
    )
    deployed.sqs.send_message(QueueUrl=url, MessageBody="x")
    assert deployed.printed("f") == []
    deployed.functions.update_event_source_mapping(UUID=made["UUID"], Enabled=True)
    assert len(deployed.printed("f")) == 1


STREAM = ("GetRecords", "GetShardIterator", "DescribeStream", "ListStreams")


def _table(deployed: Deployed) -> tuple[str, Callable[[str], None]]:
    name = deployed.name("t")
    made = deployed.dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )

    def put(text: str) -> None:
        deployed.dynamodb.put_item(TableName=name, Item={"id": {"S": text}})

    return str(made["TableDescription"]["LatestStreamArn"]), put


def _stream(deployed: Deployed) -> tuple[str, Callable[[str], None]]:
    name = deployed.name("s")
    deployed.kinesis.create_stream(StreamName=name, ShardCount=1)

    def put(text: str) -> None:
        deployed.kinesis.put_record(StreamName=name, Data=text.encode(), PartitionKey="p")

    return f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/{name}", put


SOURCES = {"dynamodb": _table, "kinesis": _stream}


@pytest.mark.parametrize("kind", SOURCES)
def test_a_stream_is_read_in_its_order(kind: str, deployed: Deployed) -> None:
    arn, put = SOURCES[kind](deployed)
    deployed.function("f", ECHO, *(f"{kind}:{action}" for action in STREAM))
    put("before")
    _map(deployed, arn, StartingPosition="TRIM_HORIZON", BatchSize=10)
    deployed.daemon.wait_until_quiet()
    for text in ("a", "b", "c"):
        put(text)
    records = [one for line in deployed.printed("f") for one in json.loads(line)["Records"]]
    assert len(records) == 4
    assert {one["eventSource"] for one in records} == {f"aws:{kind}"}
    assert {one["eventSourceARN"] for one in records} == {arn}
    if kind == "dynamodb":
        keys = [one["dynamodb"]["Keys"]["id"]["S"] for one in records]
        assert keys == ["before", "a", "b", "c"]
        assert records[0]["eventName"] == "INSERT"
        assert records[0]["dynamodb"]["NewImage"] == {"id": {"S": "before"}}


@pytest.mark.parametrize("kind", SOURCES)
def test_a_stream_read_from_its_end_has_nothing_older(kind: str, deployed: Deployed) -> None:
    arn, put = SOURCES[kind](deployed)
    deployed.function("f", ECHO, *(f"{kind}:{action}" for action in STREAM))
    put("before")
    _map(deployed, arn, StartingPosition="LATEST")
    deployed.daemon.wait_until_quiet()
    put("after")
    (line,) = deployed.printed("f")
    assert len(json.loads(line)["Records"]) == 1


@pytest.mark.parametrize("kind", SOURCES)
def test_a_stream_is_read_only_as_the_role_may(kind: str, deployed: Deployed) -> None:
    arn, put = SOURCES[kind](deployed)
    deployed.function("f", ECHO, f"{kind}:DescribeStream", f"{kind}:GetShardIterator")
    _map(deployed, arn, StartingPosition="TRIM_HORIZON")
    put("x")
    assert deployed.printed("f") == []
    notes = deployed.notes("f")
    assert [kind for kind, _ in notes] == ["not allowed"]
    assert f"{kind}:GetRecords" in notes[0][1]


def test_a_failing_stream_batch_is_halved_and_given_up(deployed: Deployed) -> None:
    arn, put = _table(deployed)
    code = """
def handler(event, context):
    keys = [record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"]]
    print(keys)
    assert "bad" not in keys
"""
    url, dead = deployed.queue("dead")
    actions = [f"dynamodb:{action}" for action in STREAM]
    deployed.function("f", code, "sqs:SendMessage", *actions)
    for text in ("a", "bad", "c", "d"):
        put(text)
    _map(
        deployed,
        arn,
        StartingPosition="TRIM_HORIZON",
        BatchSize=4,
        MaximumRetryAttempts=2,
        BisectBatchOnFunctionError=True,
        DestinationConfig={"OnFailure": {"Destination": dead}},
    )
    printed = [line for line in deployed.printed("f") if "ERROR" not in line]
    assert printed[:3] == ["['a', 'bad', 'c', 'd']", "['a', 'bad']", "['a']"]
    assert "['bad']" in printed
    assert printed[-1].endswith("'d']")
    (report,) = [json.loads(one["Body"]) for one in deployed.messages(url)]
    assert report["DDBStreamBatchInfo"]["batchSize"] == 1
    assert report["requestContext"]["condition"] == "RetryAttemptsExhausted"


def test_a_consumer_of_a_stream_does_not_fail_its_producer(deployed: Deployed) -> None:
    arn, put = _table(deployed)
    name = deployed.function("f", FAILS, *(f"dynamodb:{action}" for action in STREAM))
    _map(deployed, arn, StartingPosition="TRIM_HORIZON", MaximumRetryAttempts=0)
    put("a")
    deployed.functions.delete_function(FunctionName=name)
    put("b")
    assert {kind for kind, _ in deployed.notes("f")} >= {"not delivered"}
