"""Queues that Lambda reads for functions.

Calls are made as the function's role: receiving, deleting. Source: AWS Lambda Developer Guide,
"Using Lambda with Amazon SQS", "Handling errors for an SQS event source in Lambda".
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from moto.awslambda.models import EventSourceMapping
from moto.sqs.models import sqs_backends

from revet.embedded.automation.api import Caller
from revet.embedded.call import Json, Moto
from revet.embedded.changes import touch
from revet.embedded.functions import notes
from revet.embedded.functions.definition import Definition
from revet.embedded.functions.mappings import (
    Mappings,
    block,
    failed_items,
    is_blocked,
    state_of,
    wanted,
)
from revet.embedded.wire_error import AwsError

CHAIN = "revet_chain"
"""Attribute of moto's messages: how often each function was invoked on the way to it."""
_FAILED = "revet_failed"
_TAKEN = "revet_taken"
"""Attribute of messages that a mapping works on: its identifier."""
_MOST_AT_ONCE = 10
_MOST_WITHOUT_REDRIVE = 3
_SHORTENED = 0.2


def look(mapping: EventSourceMapping) -> float | None:
    """Seconds until the queue has a message that Lambda would take; none when none is coming."""
    queue = _queue(mapping)
    if queue is None or is_blocked(mapping):
        return None
    now = time.time() * 1000
    waits = [
        max(message.visible_at, message.delayed_until) - now
        for message in queue._messages  # noqa: SLF001 - moto has no other way
        if not _is_parked(mapping, queue, message)
    ]
    return max(min(waits), 0.0) / 1000 if waits else None


def poll(mappings: Mappings, mapping: EventSourceMapping) -> None:
    """Take one batch from the queue, and give it to the function."""
    definition = mappings.definition(mapping)
    if definition is None:
        return
    try:
        session = mappings.functions.session(definition)
        caller = mappings.functions.caller(session, mapping.region)
        received = _receive(caller, mapping)
        with mappings.functions.lock:
            _take(mapping, {str(one["MessageId"]) for one in received})
        if received:
            _serve(mappings, mapping, definition, caller, received)
    except (AwsError, ClientError, BotoCoreError) as error:
        mappings.note(notes.NOT_ALLOWED, mapping, str(error))
        with mappings.functions.lock:
            block(mapping)


def _receive(caller: Caller, mapping: EventSourceMapping) -> list[dict[str, Any]]:
    most = int(mapping.batch_size)
    found: list[dict[str, Any]] = []
    while len(found) < most:
        asked = {
            "QueueUrl": _url(mapping),
            "MaxNumberOfMessages": min(most - len(found), _MOST_AT_ONCE),
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
            "WaitTimeSeconds": 0,
        }
        more = caller.call("sqs", "ReceiveMessage", asked).get("Messages") or []
        found += more
        if not more:
            break
    return found


def _serve(
    mappings: Mappings,
    mapping: EventSourceMapping,
    definition: Definition,
    caller: Caller,
    received: Sequence[Mapping[str, Any]],
) -> None:
    records = {str(one["MessageId"]): _record(mapping, one) for one in received}
    kept = {name: one for name, one in records.items() if wanted(mapping, one, "body")}
    done = set(records) - set(kept)  # what a filter leaves out is deleted
    if kept:
        with mappings.functions.lock:
            chain = _chain(mapping, set(kept))
        answer = mappings.invoke(mapping, definition, list(kept.values()), chain)
        failed = failed_items(mapping, answer, list(kept)) if answer is not None else None
        done |= set(kept) - failed if failed is not None else set()
    handles = {str(one["MessageId"]): str(one["ReceiptHandle"]) for one in received}
    left = set(records)
    try:
        for batch in _batches(sorted(done)):
            entries = [
                {"Id": str(place), "ReceiptHandle": handles[name]}
                for place, name in enumerate(batch)
            ]
            asked = {"QueueUrl": _url(mapping), "Entries": entries}
            caller.call("sqs", "DeleteMessageBatch", asked)
            left -= set(batch)
    finally:
        with mappings.functions.lock:
            _show_again(mappings, mapping, left)


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _MOST_AT_ONCE):
        yield names[start : start + _MOST_AT_ONCE]


def _take(mapping: EventSourceMapping, names: set[str]) -> None:
    """Note whose hands messages are in, for a process that goes on after this one."""
    queue = _queue(mapping)
    if queue is None or not names:
        return
    touch(sqs_backends[queue.account_id][queue.region])
    for message in queue._messages:  # noqa: SLF001 - likewise
        if message.id in names:
            setattr(message, _TAKEN, mapping.uuid)


def take_back(mapping: EventSourceMapping) -> None:
    """Show what a killed process was working on at once, where AWS waits for its time; locked."""
    queue = _queue(mapping)
    if queue is None:
        return
    touch(sqs_backends[queue.account_id][queue.region])
    for message in queue._messages:  # noqa: SLF001 - likewise
        if vars(message).get(_TAKEN) == mapping.uuid:
            setattr(message, _TAKEN, "")
            message.visible_at = time.time() * 1000


def _show_again(mappings: Mappings, mapping: EventSourceMapping, names: set[str]) -> None:
    """Let messages that failed be received again at once, where AWS waits for their time."""
    queue = _queue(mapping)
    if queue is None:
        return
    touch(sqs_backends[queue.account_id][queue.region])
    state = state_of(mapping)
    for message in queue._messages:  # noqa: SLF001 - likewise
        if message.id not in names:
            continue
        setattr(message, _TAKEN, "")
        times, before = getattr(message, _FAILED, (0, state))
        setattr(message, _FAILED, (times + 1 if before == state else 1, state))
        parked = _is_parked(mapping, queue, message)
        message.visible_at = (time.time() + (0 if parked else _SHORTENED)) * 1000
        if parked:
            mappings.note(
                notes.GIVEN_UP,
                mapping,
                f"message {message.id} stays in the queue after {_MOST_WITHOUT_REDRIVE} tries: the "
                "queue has no redrive policy, and AWS would try it until it is too old",
            )


def _is_parked(mapping: EventSourceMapping, queue: Moto, message: Moto) -> bool:
    """Whether a message is not tried any more: without a dead-letter queue there is no end."""
    times, state = getattr(message, _FAILED, (0, ""))
    return (
        not queue.redrive_policy and times >= _MOST_WITHOUT_REDRIVE and state == state_of(mapping)
    )


def _chain(mapping: EventSourceMapping, names: set[str]) -> dict[str, int]:
    queue = _queue(mapping)
    found: dict[str, int] = {}
    for message in queue._messages if queue is not None else ():  # noqa: SLF001 - likewise
        for function, times in vars(message).get(CHAIN, {}).items() if message.id in names else ():
            found[function] = max(found.get(function, 0), times)
    return found


def _queue(mapping: EventSourceMapping) -> Moto | None:
    parts = str(mapping.event_source_arn).split(":")
    regions = dict.get(sqs_backends, parts[4])
    backend: Moto = dict.get(regions, parts[3]) if regions is not None else None
    return backend.queues.get(parts[5]) if backend is not None else None


def _url(mapping: EventSourceMapping) -> str:
    _, _, _, region, account, name = str(mapping.event_source_arn).split(":")
    return f"https://sqs.{region}.amazonaws.com/{account}/{name}"


def _record(mapping: EventSourceMapping, message: Mapping[str, Any]) -> Json:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes") or {}),
        "messageAttributes": {
            name: _attribute(one) for name, one in (message.get("MessageAttributes") or {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        **(
            {"md5OfMessageAttributes": message["MD5OfMessageAttributes"]}
            if "MD5OfMessageAttributes" in message
            else {}
        ),
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping.event_source_arn,
        "awsRegion": mapping.region,
    }


def _attribute(given: Mapping[str, Any]) -> Json:
    binary = given.get("BinaryValue")
    return {
        **({"stringValue": given["StringValue"]} if "StringValue" in given else {}),
        **({"binaryValue": base64.b64encode(binary).decode()} if binary is not None else {}),
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": given["DataType"],
    }
