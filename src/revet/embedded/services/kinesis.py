"""Kinesis: streams have the tags that they are made with.

moto drops them, and Terraform would add them at the next apply. (Kinesis API Reference,
CreateStream.)
"""

from __future__ import annotations

from collections.abc import Callable

from moto.kinesis.responses import KinesisResponse

from revet.embedded.call import Moto
from revet.embedded.patching import parameter, replace


def install() -> None:
    """Put the changes in place."""
    replace(KinesisResponse, "create_stream", _create)


def _create(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def create_stream(self: Moto) -> Moto:
        answer = original(self)
        tags = parameter(self, "Tags")
        if tags:
            name = parameter(self, "StreamName")
            self.kinesis_backend.add_tags_to_stream(None, name, tags)
        return answer

    return create_stream
