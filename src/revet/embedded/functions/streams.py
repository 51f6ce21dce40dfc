"""Streams that Lambda reads for functions: of DynamoDB tables, and of Kinesis.

Each shard is read in its order; a batch that fails is tried again, or halved, and nothing after it
is read before. Without a bound AWS tries it until it is too old; here it is given up after a few
tries, which is noted. Source: AWS Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB",
"Using Lambda to process records from Amazon Kinesis Data Streams", "Discarding records".
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from moto.awslambda.models import EventSourceMapping
from moto.dynamodb.models import dynamodb_backends
from moto.kinesis.models import kinesis_backends

from revet.embedded.call import Json, Moto
from revet.embedded.functions import notes
from revet.embedded.functions.definition import Definition
from revet.embedded.functions.mappings import (
    Mappings,
    block,
    changed,
    failed_items,
    is_blocked,
    wanted,
)
from revet.embedded.functions.permission import require_allowed
from revet.embedded.wire_error import AwsError

_POSITIONS = "revet_positions"
_CHAINS = "revet_chains"
_TRIES = "revet_tries"
"""Attribute of mappings: shard, to how often its next batch was tried, and its size then."""
_MOST_TRIES = 3
_NEEDED = {
    "dynamodb": ("DescribeStream", "GetRecords", "GetShardIterator"),
    "kinesis": ("DescribeStream", "GetRecords", "GetShardIterator"),
}


class Item(NamedTuple):
    """A record of a shard.

    Args:
        sequence: its number, by which the function reports that it failed.
        record: as the function gets it.
        chain: how often each function was invoked on the way to it, by ARN.
    """

    sequence: str
    record: Json
    chain: Mapping[str, int]


def look(mapping: EventSourceMapping) -> float | None:
    """Zero when a shard has records that Lambda has not read; else none."""
    unread = any(_unread(mapping, shard) for shard in _shards(mapping))
    return 0.0 if unread and not is_blocked(mapping) else None


def poll(mappings: Mappings, mapping: EventSourceMapping) -> None:
    """Give one batch of each shard to the function."""
    definition = mappings.definition(mapping)
    if definition is None:
        _skip(mappings, mapping)
        return
    arn = str(mapping.event_source_arn)
    service = arn.split(":")[2]
    try:
        session = mappings.functions.session(definition)
        with mappings.functions.lock:
            for action in _NEEDED[service]:
                require_allowed(session, f"{service}:{action}", arn, mapping.region)
    except AwsError as error:
        mappings.note(notes.NOT_ALLOWED, mapping, error.message)
        _skip(mappings, mapping)
        return
    with mappings.functions.lock:
        shards = [str(_name(one)) for one in _shards(mapping)]
    for shard in shards:
        _serve(mappings, mapping, definition, shard)


def _skip(mappings: Mappings, mapping: EventSourceMapping) -> None:
    with mappings.functions.lock:
        block(mapping)


def _serve(
    mappings: Mappings, mapping: EventSourceMapping, definition: Definition, shard: str
) -> None:
    with mappings.functions.lock:
        batch = _batch(mapping, shard)
        tries, size = vars(mapping).get(_TRIES, {}).get(shard, (0, len(batch)))
    while batch:
        tries += 1
        part = batch[:size]
        kept = [one for one in part if wanted(mapping, one.record)]
        done = len(part)
        if kept:
            done = _invoke(mappings, mapping, definition, part, kept)
        if done:
            _pass(mappings, mapping, shard, done)
            batch, tries, size = batch[done:], 0, len(batch) - done
            continue
        if tries <= _retries(mapping):
            size = max(size // 2, 1) if mapping.bisect_on_error else size
            mappings.keep(mapping, _TRIES, shard, (tries, size))
            continue
        _discard(mappings, mapping, definition, part)
        _pass(mappings, mapping, shard, len(part))
        batch, tries, size = batch[len(part) :], 0, len(batch) - len(part)


def _invoke(
    mappings: Mappings,
    mapping: EventSourceMapping,
    definition: Definition,
    part: Sequence[Item],
    kept: Sequence[Item],
) -> int:
    """How many records of a batch are done with, from its beginning."""
    chain: dict[str, int] = {}
    for one in kept:
        for function, times in one.chain.items():
            chain[function] = max(chain.get(function, 0), times)
    answer = mappings.invoke(mapping, definition, [one.record for one in kept], chain)
    if answer is None:
        return 0
    failed = failed_items(mapping, answer, [one.sequence for one in kept])
    if failed is None:
        return 0
    places = [place for place, one in enumerate(part) if one.sequence in failed]
    return min(places) if places else len(part)


def _retries(mapping: EventSourceMapping) -> int:
    asked = mapping.max_retry_attempts
    return _MOST_TRIES if asked is None or int(asked) < 0 else min(int(asked), _MOST_TRIES)


def _discard(
    mappings: Mappings, mapping: EventSourceMapping, definition: Definition, part: Sequence[Item]
) -> None:
    asked = mapping.max_retry_attempts
    tried = _retries(mapping)
    why = f"a batch of {len(part)} records is given up after {tried} retries"
    if asked is None or int(asked) < 0 or int(asked) > tried:
        why += "; AWS would try it more often, and read nothing after it meanwhile"
    mappings.note(notes.GIVEN_UP, mapping, why)
    target = str(
        ((mapping.destination_config or {}).get("OnFailure") or {}).get("Destination") or ""
    )
    if not target:
        return
    text = json.dumps(_report(mapping, definition, part, tried + 1))
    kind, region, account, name = (target.split(":") + [""] * 6)[2:6]
    try:
        caller = mappings.functions.caller(mappings.functions.session(definition), region)
        if kind == "sqs":
            url = f"https://sqs.{region}.amazonaws.com/{account}/{name}"
            caller.call("sqs", "SendMessage", {"QueueUrl": url, "MessageBody": text})
        elif kind == "sns":
            caller.call("sns", "Publish", {"TopicArn": target, "Message": text})
        else:
            mappings.note(notes.NOT_DELIVERED, mapping, f"no records are sent to {target}")
            return
    except (AwsError, ClientError, BotoCoreError) as error:
        mappings.note(notes.NOT_DELIVERED, mapping, f"to {target}: {error}")
    else:
        mappings.note(notes.HANDED_ON, mapping, f"RetryAttemptsExhausted: to {target}")


def _report(
    mapping: EventSourceMapping, definition: Definition, part: Sequence[Item], times: int
) -> Json:
    service = str(mapping.event_source_arn).split(":")[2]
    info = "DDBStreamBatchInfo" if service == "dynamodb" else "KinesisBatchInfo"
    return {
        "requestContext": {
            "functionArn": definition.invoked_arn,
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": times,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": definition.version,
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        info: {
            "startSequenceNumber": part[0].sequence,
            "endSequenceNumber": part[-1].sequence,
            "batchSize": len(part),
            "streamArn": str(mapping.event_source_arn),
        },
    }


def _pass(mappings: Mappings, mapping: EventSourceMapping, shard: str, count: int) -> None:
    with mappings.functions.lock:
        positions = vars(mapping).setdefault(_POSITIONS, {})
        positions[shard] = positions.get(shard, 0) + count
        vars(mapping).setdefault(_TRIES, {}).pop(shard, None)
        changed(mapping)


def _unread(mapping: EventSourceMapping, shard: Moto) -> int:
    """How many records of a shard the mapping has not read; where it begins is set here."""
    positions: dict[str, int] = vars(mapping).setdefault(_POSITIONS, {})
    name, held = _name(shard), len(_records(shard))
    if name not in positions:
        positions[name] = held if mapping.starting_position == "LATEST" else 0
        changed(mapping)
    return held - positions[name]


def _batch(mapping: EventSourceMapping, name: str) -> list[Item]:
    shard = next((one for one in _shards(mapping) if _name(one) == name), None)
    if shard is None or not _unread(mapping, shard):
        return []
    start = vars(mapping)[_POSITIONS][name]
    held = _records(shard)[start : start + int(mapping.batch_size)]
    return [_item(mapping, shard, one) for one in held]


def _item(mapping: EventSourceMapping, shard: Moto, held: Moto) -> Item:
    arn, region = str(mapping.event_source_arn), str(mapping.region)
    chain = vars(held).get(_CHAINS, {})
    if arn.split(":")[2] == "kinesis":
        sequence = str(held.sequence_number)
        record = {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": held.partition_key,
                "sequenceNumber": sequence,
                "data": base64.b64encode(base64.b64decode(held.data)).decode(),
                "approximateArrivalTimestamp": round(held.created_at, 3),
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"{shard.shard_id}:{sequence}",
            "eventName": "aws:kinesis:record",
            "awsRegion": region,
            "eventSourceARN": arn,
        }
        return Item(sequence, record, chain)
    shown = held.to_json()
    inner = dict(shown["dynamodb"])
    moment = inner.get("ApproximateCreationDateTime")
    if isinstance(moment, dt.datetime):
        utc = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        inner["ApproximateCreationDateTime"] = int(utc.timestamp())
    record = {**shown, "awsRegion": region, "dynamodb": inner, "eventSourceARN": arn}
    return Item(str(inner["SequenceNumber"]), record, chain)


def _shards(mapping: EventSourceMapping) -> list[Moto]:
    parts = str(mapping.event_source_arn).split(":", 5)
    store: Moto = dynamodb_backends if parts[2] == "dynamodb" else kinesis_backends
    regions = dict.get(store, parts[4])
    backend: Moto = dict.get(regions, parts[3]) if regions is not None else None
    if backend is None:
        return []
    name = parts[5].split("/")[1]
    if parts[2] == "kinesis":
        stream = backend.streams.get(name)
        return list(stream.shards.values()) if stream is not None else []
    table = backend.tables.get(name)
    shard = getattr(table, "stream_shard", None)
    current = table is not None and str(table.latest_stream_label or "") in parts[5]
    return [shard] if shard is not None and current else []


def _name(shard: Moto) -> str:
    return str(getattr(shard, "shard_id", None) or shard.id)


def _records(shard: Moto) -> list[Moto]:
    return list(shard.records.values()) if hasattr(shard, "records") else list(shard.items)


def keep_chain(shard: Moto, chain: Mapping[str, int]) -> None:
    """Note which functions led to the newest record of a shard.

    Args:
        shard: of moto.
        chain: how often each function was invoked on the way to it, by ARN.
    """
    if chain:
        newest: Moto = _records(shard)[-1]
        setattr(newest, _CHAINS, dict(chain))
