"""What event source mappings can read: queues, and streams of tables and of Kinesis."""

from __future__ import annotations

from collections.abc import Mapping

from revet.embedded.functions import queues, streams
from revet.embedded.functions.mappings import Look, Poll, TakeBack

SOURCES: Mapping[str, tuple[Look, Poll]] = {
    "sqs": (queues.look, queues.poll),
    "dynamodb": (streams.look, streams.poll),
    "kinesis": (streams.look, streams.poll),
}
TAKE_BACK: Mapping[str, TakeBack] = {"sqs": queues.take_back}
