"""SQS: a queue keeps its policy when another attribute is set.

moto takes the policy away with every SetQueueAttributes that does not name one. (SQS API reference,
SetQueueAttributes.)
"""

from __future__ import annotations

from collections.abc import Callable

from moto.sqs.models import Queue

from revet.embedded.call import Moto
from revet.embedded.patching import replace


def install() -> None:
    """Put the change in place."""
    replace(Queue, "_set_attributes", _keeping_policy)


def _keeping_policy(original: Callable[..., None]) -> Callable[..., None]:
    def set_attributes(self: Moto, attributes: Moto, now: float | None = None) -> None:
        policy = getattr(self, "policy", None)
        original(self, attributes, now)
        if "Policy" not in attributes:
            self.policy = policy

    return set_attributes
