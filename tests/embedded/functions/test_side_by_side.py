"""Many invocations at once: none is lost, and none waits for another for ever."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.embedded.functions.deployed import Deployed

AT_ONCE = 50


def test_fifty_calls_of_two_functions_are_all_answered(deployed: Deployed) -> None:
    code = "def handler(event, context): return [event['place'], context.function_name]\n"
    names = [deployed.function(end, code) for end in ("f", "g")]
    client = deployed.functions

    def call(place: int) -> Any:  # noqa: ANN401 - JSON
        answer = client.invoke(FunctionName=names[place % 2], Payload=json.dumps({"place": place}))
        return json.loads(answer["Payload"].read())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(call, range(AT_ONCE)))
    assert answers == [[place, names[place % 2]] for place in range(AT_ONCE)]


@pytest.mark.parametrize("by", ["invoke", "queue"])
def test_fifty_events_are_all_handled(by: str, deployed: Deployed) -> None:
    code = """
def handler(event, context):
    for one in [record["body"] for record in event.get("Records", ())] or [event["place"]]:
        print(f"handled {one}")
"""
    reads = ("sqs:ReceiveMessage", "sqs:DeleteMessage")
    name = deployed.function("f", code, *reads)
    url, arn = deployed.queue("q")
    deployed.functions.create_event_source_mapping(FunctionName=name, EventSourceArn=arn)
    client, sqs = deployed.functions, deployed.sqs

    def send(place: int) -> None:
        if by == "queue":
            sqs.send_message(QueueUrl=url, MessageBody=str(place))
        else:
            event = json.dumps({"place": place})
            client.invoke(FunctionName=name, InvocationType="Event", Payload=event)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(send, range(AT_ONCE)))
    assert deployed.notes("f") == []
    assert sorted(deployed.printed("f")) == sorted(f"handled {place}" for place in range(AT_ONCE))
    assert deployed.messages(url) == []


def test_functions_that_call_each_other_do_not_block_each_other(deployed: Deployed) -> None:
    code = """
import boto3, json
client = boto3.client("lambda")
def handler(event, context):
    if not event["depth"]:
        return [context.function_name]
    answer = client.invoke(FunctionName=event["other"], Payload=json.dumps(
        {"depth": event["depth"] - 1, "other": context.function_name}))
    return [context.function_name, *json.loads(answer["Payload"].read())]
"""
    names = [
        deployed.function(end, code, "lambda:InvokeFunction", Timeout=120) for end in ("f", "g")
    ]
    client = deployed.functions

    def call(place: int) -> Any:  # noqa: ANN401 - JSON
        event = {"depth": 3, "other": names[(place + 1) % 2]}
        answer = client.invoke(FunctionName=names[place % 2], Payload=json.dumps(event))
        return json.loads(answer["Payload"].read())

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(8)))
    assert answers == [[names[(place + step) % 2] for step in range(4)] for place in range(8)]


def test_a_bound_on_concurrency_holds(deployed: Deployed) -> None:
    code = "import threading\ndef handler(event, context): threading.Event().wait(3)\n"
    name = deployed.function("f", code)
    deployed.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=1)
    client = deployed.functions

    def call(_: int) -> str:
        try:
            client.invoke(FunctionName=name)
        except client.exceptions.TooManyRequestsException:
            return "throttled"
        return "answered"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(call, range(6)))
    assert answers.count("answered") >= 1
    assert answers.count("throttled") >= 1
