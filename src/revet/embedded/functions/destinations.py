"""Where events go that are done with: destinations, and dead-letter queues.

Source: AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations"
(the record), "Adding a dead-letter queue" (the attributes).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import NamedTuple

from revet.embedded.automation.api import Caller
from revet.embedded.call import Json
from revet.embedded.functions.definition import Definition
from revet.embedded.functions.engine import Answer
from revet.embedded.functions.events import Event
from revet.embedded.wire_error import NOT_IMPLEMENTED, AwsError

_LONGEST_MESSAGE = 1024
_ERROR_STATUS = "200"


class Result(NamedTuple):
    """How an event ended.

    Args:
        condition: `Success`, `RetriesExhausted`, `EventAgeExceeded` or `RecursiveInvocation`.
        answer: of the last invocation; none when there was none.
        why: an event that was not handed to its function was not.
    """

    condition: str
    answer: Answer | None = None
    why: str = ""


Send = Callable[[Caller, str, Definition, Event, Result], None]
"""`send_record` or `send_dead_letter`."""


def send_record(
    caller: Caller, target: str, definition: Definition, event: Event, result: Result
) -> None:
    """Send the record of an event to a destination.

    Args:
        caller: makes calls as the function's role.
        target: ARN of a queue, topic, function or event bus.
        definition: of the function.
        event: that is done with.
        result: how it ended.

    Raises:
        AwsError: there are no such destinations here.
        botocore.exceptions.ClientError: the call is refused.
    """
    record = json.dumps(_record(definition, event, result))
    kind = target.split(":")[2]
    if kind == "events":
        outcome = "Success" if result.condition == "Success" else "Failure"
        entry = {
            "Source": "lambda",
            "DetailType": f"Lambda Function Invocation Result - {outcome}",
            "Resources": [f"{definition.arn}:{definition.version}", target],
            "Detail": record,
            "EventBusName": target,
        }
        caller.call("events", "PutEvents", {"Entries": [entry]})
    elif kind == "lambda":
        caller.call(
            "lambda",
            "Invoke",
            {"FunctionName": target, "InvocationType": "Event", "Payload": record.encode()},
        )
    else:
        _send(caller, target, record, {})


def send_dead_letter(
    caller: Caller, target: str, _definition: Definition, event: Event, result: Result
) -> None:
    """Send an event itself to a dead-letter queue or topic.

    Args:
        caller: as of `send_record`.
        target: ARN of a queue or topic.
        event: that is given up.
        result: how it ended.

    Raises:
        AwsError: it is neither.
        botocore.exceptions.ClientError: the call is refused.
    """
    message = result.why
    if result.answer is not None:
        message = str(json.loads(result.answer.payload).get("errorMessage") or "")
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": event.id},
        "ErrorCode": {"DataType": "Number", "StringValue": _ERROR_STATUS},
        "ErrorMessage": {
            "DataType": "String",
            "StringValue": message[:_LONGEST_MESSAGE] or result.condition,
        },
    }
    _send(caller, target, event.payload.decode() or "{}", attributes)


def _send(caller: Caller, target: str, text: str, attributes: Json) -> None:
    kind, region, account, name = target.split(":")[2:6]
    if kind == "sqs":
        url = f"https://sqs.{region}.amazonaws.com/{account}/{name}"
        caller.call(
            "sqs",
            "SendMessage",
            {"QueueUrl": url, "MessageBody": text, "MessageAttributes": attributes},
        )
    elif kind == "sns":
        caller.call(
            "sns",
            "Publish",
            {"TopicArn": target, "Message": text, "MessageAttributes": attributes},
        )
    else:
        raise AwsError(NOT_IMPLEMENTED, f"the embedded AWS sends no events to `{target}`")


def _record(definition: Definition, event: Event, result: Result) -> dict[str, Json]:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    made: dict[str, Json] = {
        "version": "1.0",
        "timestamp": now,
        "requestContext": {
            "requestId": event.id,
            "functionArn": f"{definition.arn}:{definition.qualifier or definition.version}",
            "condition": result.condition,
            "approximateInvokeCount": event.attempts,
        },
        "requestPayload": json.loads(event.payload or b"{}"),
    }
    if result.answer is not None:
        error = result.answer.error
        made["responseContext"] = {
            "statusCode": 200,
            "executedVersion": definition.version,
            **({"functionError": error} if error else {}),
        }
        made["responsePayload"] = json.loads(result.answer.payload or b"null")
    return made
