"""Events that are queued: tried again, given up, handed on; never the producer's trouble."""

import json
import os
import select
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.embedded.functions.deployed import ECHO, FAILS, Deployed, zipped

from revet.embedded import start_daemon, stop_daemon

COUNTS = """
calls = []
def handler(event, context):
    calls.append(1)
    print(f"call {len(calls)}")
    if len(calls) <= event["failures"]:
        raise ValueError("not yet")
"""


@pytest.mark.parametrize(
    ("config", "calls"),
    [
        ({}, 3),
        ({"MaximumRetryAttempts": 0}, 1),
        ({"MaximumRetryAttempts": 1}, 2),
        ({"MaximumEventAgeInSeconds": 60}, 2),
        ({"MaximumEventAgeInSeconds": 179}, 2),
        ({"MaximumEventAgeInSeconds": 180}, 3),
    ],
    ids=["default", "none", "one", "minute", "nearly-both", "both"],
)
def test_a_failing_event_is_tried_as_often_as_the_function_says(
    config: dict[str, int], calls: int, deployed: Deployed
) -> None:
    url, arn = deployed.queue("dead")
    name = deployed.function("f", COUNTS, "sqs:SendMessage", DeadLetterConfig={"TargetArn": arn})
    if config:
        deployed.functions.put_function_event_invoke_config(FunctionName=name, **config)
    deployed.start(name, {"failures": 9})
    dead = deployed.messages(url)
    assert [json.loads(one["Body"]) for one in dead] == [{"failures": 9}]
    attributes = {key: one["StringValue"] for key, one in dead[0]["MessageAttributes"].items()}
    aged = "EventAgeExceeded"
    assert attributes["ErrorMessage"] == (
        aged if "MaximumEventAgeInSeconds" in config and calls < 3 else "not yet"
    )
    assert attributes["ErrorCode"] == "200"
    printed = [line for line in deployed.printed("f") if line.startswith("call")]
    assert len(printed) == calls


def test_an_event_that_succeeds_at_last_is_done_with(deployed: Deployed) -> None:
    url, arn = deployed.queue("dead")
    name = deployed.function("f", COUNTS, "sqs:*", DeadLetterConfig={"TargetArn": arn})
    deployed.start(name, {"failures": 2})
    assert deployed.messages(url) == []
    assert [kind for kind, _ in deployed.notes("f")] == ["failed", "failed"]


@pytest.mark.parametrize("outcome", ["success", "failure"])
@pytest.mark.parametrize("kind", ["sqs", "sns", "lambda"])
def test_the_record_of_an_event_goes_to_its_destination(
    kind: str, outcome: str, deployed: Deployed
) -> None:
    target, read = _destination(kind, deployed)
    action = {
        "sqs": "sqs:SendMessage",
        "sns": "sns:Publish",
        "lambda": "lambda:InvokeFunction",
    }
    code = "def handler(event, context):\n    return 1 / event['by']\n"
    name = deployed.function("f", code, action[kind])
    deployed.functions.put_function_event_invoke_config(
        FunctionName=name,
        MaximumRetryAttempts=0,
        DestinationConfig={f"On{outcome.capitalize()}": {"Destination": target}},
    )
    deployed.start(name, {"by": 1})
    deployed.start(name, {"by": 0})
    records = read()
    by = 1 if outcome == "success" else 0
    assert [one["requestPayload"] for one in records] == [{"by": by}]
    context = records[0]["requestContext"]
    assert context["condition"] == ("Success" if by else "RetriesExhausted")
    assert context["functionArn"] == f"{deployed.arn('f')}:$LATEST"
    assert context["approximateInvokeCount"] == 1
    assert records[0]["responseContext"].get("functionError") == (None if by else "Unhandled")
    assert records[0]["responsePayload"] == 1.0 if by else records[0]["responsePayload"]


def _destination(kind: str, deployed: Deployed) -> tuple[str, Callable[[], list[dict[str, Any]]]]:
    if kind == "lambda":
        deployed.function("target", ECHO)
        return deployed.arn("target"), lambda: [
            json.loads(line) for line in deployed.printed("target")
        ]
    url, arn = deployed.queue("target")
    if kind == "sqs":
        return arn, lambda: [json.loads(one["Body"]) for one in deployed.messages(url)]
    topic = str(deployed.sns.create_topic(Name=deployed.name("t"))["TopicArn"])
    deployed.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return topic, lambda: [
        json.loads(json.loads(one["Body"])["Message"]) for one in deployed.messages(url)
    ]


@pytest.mark.parametrize("missing", ["permission", "queue"])
def test_a_dead_letter_that_cannot_be_sent_is_noted(missing: str, deployed: Deployed) -> None:
    url, arn = deployed.queue("dead")
    actions = () if missing == "permission" else ("sqs:SendMessage",)
    name = deployed.function("f", FAILS, *actions, DeadLetterConfig={"TargetArn": arn})
    deployed.functions.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
    if missing == "queue":
        deployed.sqs.delete_queue(QueueUrl=url)
    deployed.start(name)
    kinds = [kind for kind, _ in deployed.notes("f")]
    assert kinds == ["failed", "given up", "not delivered"]


def test_a_function_without_concurrency_gives_events_to_its_dead_letter_queue(
    deployed: Deployed,
) -> None:
    url, arn = deployed.queue("dead")
    name = deployed.function("f", ECHO, "sqs:SendMessage", DeadLetterConfig={"TargetArn": arn})
    deployed.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    deployed.start(name, {"a": 1})
    assert [one["Body"] for one in deployed.messages(url)] == ['{"a": 1}']
    assert deployed.printed("f") == []


@pytest.mark.parametrize("by", ["invoke", "sqs", "sns", "s3"])
def test_a_function_that_triggers_itself_is_stopped(by: str, deployed: Deployed) -> None:
    url, queue = deployed.queue("q")
    topic = deployed.sns.create_topic(Name=deployed.name("t"))["TopicArn"]
    bucket = deployed.name("b")
    deployed.s3.create_bucket(Bucket=bucket)
    again = {
        "invoke": "boto3.client('lambda').invoke(FunctionName=context.function_name, "
        "InvocationType='Event', Payload=b'{}')",
        "sqs": f"boto3.client('sqs').send_message(QueueUrl='{url}', MessageBody='x')",
        "sns": f"boto3.client('sns').publish(TopicArn='{topic}', Message='x')",
        "s3": f"boto3.client('s3').put_object(Bucket='{bucket}', Key='k', Body=b'x')",
    }
    code = f"import boto3\ndef handler(event, context):\n    print('here')\n    {again[by]}\n"
    name = deployed.function("f", code, "sqs:*", "sns:*", "s3:*", "lambda:*")
    if by == "sqs":
        deployed.functions.create_event_source_mapping(FunctionName=name, EventSourceArn=queue)
    elif by == "sns":
        deployed.let("f", "sns.amazonaws.com", topic)
        deployed.sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=deployed.arn("f"))
    elif by == "s3":
        deployed.let("f", "s3.amazonaws.com", f"arn:aws:s3:::{bucket}")
        one = {"LambdaFunctionArn": deployed.arn("f"), "Events": ["s3:ObjectCreated:*"]}
        deployed.s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": [one]}
        )
    start: dict[str, Callable[[], object]] = {
        "invoke": lambda: deployed.start(name),
        "sqs": lambda: deployed.sqs.send_message(QueueUrl=url, MessageBody="x"),
        "sns": lambda: deployed.sns.publish(TopicArn=topic, Message="x"),
        "s3": lambda: deployed.s3.put_object(Bucket=bucket, Key="k", Body=b"x"),
    }
    start[by]()
    assert deployed.printed("f") == ["here"] * 16
    assert ("recursion", "stopped after 16 invocations in one chain of requests") in deployed.notes(
        "f"
    )


def test_a_function_that_calls_itself_and_waits_is_stopped(deployed: Deployed) -> None:
    code = """
import boto3, json
def handler(event, context):
    answer = boto3.client("lambda").invoke(FunctionName=context.function_name, Payload=b"{}")
    return json.loads(answer["Payload"].read())
"""
    name = deployed.function("f", code, "lambda:InvokeFunction", Timeout=120)
    answer, _ = deployed.call(name)
    assert "RecursiveInvocationException" in answer["errorMessage"]


@pytest.fixture
def own(state: Path, client_for: Callable[..., Any]) -> Iterator[Deployed]:
    def client(service: str, **settings: Any) -> Any:  # noqa: ANN401 - boto3's clients
        return client_for(made.daemon, service, **settings)

    made = Deployed(start_daemon(state), client, "own")
    yield made
    stop_daemon(state)


def test_an_accepted_event_survives_the_daemon(own: Deployed) -> None:
    code = """
import threading
def handler(event, context):
    print("begun")
    threading.Event().wait(event["seconds"])
    print("done")
"""
    name = own.function("f", code, Timeout=900)
    own.start(name, {"seconds": 600})
    own.functions.update_function_code(FunctionName=name, ZipFile=zipped({"index.py": ECHO}))
    own.daemon.snapshot()
    process = os.pidfd_open(own.daemon.pid)
    os.kill(own.daemon.pid, signal.SIGKILL)
    select.select([process], [], [], 30)
    os.close(process)
    own.daemon = start_daemon(own.daemon.state_dir)
    own.clients.clear()
    assert own.printed("f") == ['{"seconds": 600}']


def test_an_event_for_a_function_that_is_gone_is_noted(own: Deployed) -> None:
    code = """
import boto3
def handler(event, context):
    boto3.client("s3").get_waiter("bucket_exists").wait(
        Bucket="go-ahead", WaiterConfig={"Delay": 0, "MaxAttempts": 10_000})
    raise ValueError
"""
    name = own.function("f", code, "s3:ListBucket")
    own.start(name)
    own.functions.delete_function(FunctionName=name)
    own.s3.create_bucket(Bucket="go-ahead")
    kinds = {kind for kind, _ in own.notes("f")}
    assert "not delivered" in kinds
    assert own.daemon.internal_errors() == []
