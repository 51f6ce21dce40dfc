"""What Firehose has taken in and not delivered yet; it waits in Firehose's own state.

A stream delivers when the courier comes, soon after: the buffering interval and size, which bring
cost and latency on AWS, are not waited for.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from revet.embedded.call import Moto

_BUFFERS = "revet_buffers"
_MOST = 64 * 1024 * 1024
"""Bytes that wait of one stream; AWS gives up after 24 hours of retries, we when there is more."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record that waits.

    Args:
        data: as it was put.
        arrived: milliseconds since the epoch.
    """

    data: bytes
    arrived: int


def put_records(backend: Moto, stream: Moto, data: Sequence[bytes]) -> list[dict[str, str]]:
    """Take records in.

    Args:
        backend: moto's Firehose of the account and region.
        stream: that takes them.
        data: of each.

    Returns:
        What PutRecordBatch answers of each.
    """
    from moto.core.utils import unix_time_millis  # noqa: PLC0415 - as moto tells the time

    now = int(unix_time_millis())
    waiting = waiting_in(backend, stream.delivery_stream_name)
    waiting += [Record(one, now) for one in data]
    return [{"RecordId": str(uuid.uuid4())} for _ in data]


def waiting_in(backend: Moto, name: str) -> list[Record]:
    """The records that wait in a stream, oldest first; the list itself.

    Args:
        backend: moto's Firehose of the account and region.
        name: of the stream.
    """
    buffers: dict[str, list[Record]] = backend.__dict__.setdefault(_BUFFERS, {})
    return buffers.setdefault(name, [])


def waiting_streams(backend: Moto) -> list[str]:
    """Names of the streams in which something waits."""
    buffers: dict[str, list[Record]] = vars(backend).get(_BUFFERS, {})
    return [name for name, records in buffers.items() if records]


def forget(backend: Moto, name: str) -> None:
    """Drop what waits in a stream that is deleted."""
    vars(backend).get(_BUFFERS, {}).pop(name, None)


def drop_excess(backend: Moto, name: str) -> int:
    """Drop the oldest records of a stream that cannot deliver; how many."""
    records = waiting_in(backend, name)
    size, dropped = sum(len(record.data) for record in records), 0
    while size > _MOST:
        size -= len(records.pop(0).data)
        dropped += 1
    return dropped
