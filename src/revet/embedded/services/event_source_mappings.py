"""Event source mappings: moto's own way to serve them, within the producer's call, is left out.

What is done instead is in `functions.mappings`. A message keeps which functions led to it, as AWS
keeps it in the message's `AWSTraceHeader`.
"""

from __future__ import annotations

from collections.abc import Callable

from moto.dynamodb.models.table import StreamShard
from moto.kinesis.models import Stream
from moto.sqs.models import Queue

from revet.embedded.call import Moto
from revet.embedded.functions.invoke import chain
from revet.embedded.functions.queues import CHAIN
from revet.embedded.functions.streams import keep_chain
from revet.embedded.patching import replace


def install() -> None:
    """Put the changes in place."""
    replace(Queue, "add_message", _adding)
    replace(StreamShard, "add", _adding_change)
    replace(Stream, "put_record", _putting)


def _adding(original: Callable[..., None]) -> Callable[..., None]:
    def add_message(self: Moto, message: Moto, *more: Moto) -> None:
        self.lambda_event_source_mappings.clear()
        if not hasattr(message, CHAIN):
            setattr(message, CHAIN, chain())
        original(self, message, *more)

    return add_message


def _adding_change(original: Callable[..., None]) -> Callable[..., None]:
    def add(self: Moto, old: Moto, new: Moto) -> None:
        self.table.lambda_event_source_mappings.clear()
        original(self, old, new)
        keep_chain(self, chain())

    return add


def _putting(original: Callable[..., tuple[str, str]]) -> Callable[..., tuple[str, str]]:
    def put_record(self: Moto, *arguments: Moto, **more: Moto) -> tuple[str, str]:
        self.lambda_event_source_mappings.clear()
        sequence, shard = original(self, *arguments, **more)
        keep_chain(self.shards[shard], chain())
        return sequence, shard

    return put_record
