"""Processes of functions: which run, which wait frozen for the next event, and how many may be.

Source: AWS Lambda Developer Guide, "Understanding Lambda function scaling", "Configuring reserved
concurrency for a function".
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from revet.embedded.functions.definition import Definition
from revet.embedded.functions.instance import Instance
from revet.embedded.wire_error import AwsError

_MOST_RUNNING = 100
_MOST_WAITING = 12
_BEFORE_EXPIRY = 300.0
"""Seconds: a session that ends sooner is not worked with any more."""


class Pool:
    """The processes of all functions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Instance] = []
        self._running: Counter[str] = Counter()

    @contextmanager
    def turn(self, definition: Definition) -> Iterator[None]:
        """Count an invocation as long as it lasts.

        Raises:
            AwsError: the function, or all of them together, are invoked too often at once.
        """
        with self._lock:
            throttled = (
                definition.reserved is not None
                and self._running[definition.arn] >= definition.reserved
            )
            if throttled or self._running.total() >= _MOST_RUNNING:
                raise AwsError("TooManyRequestsException", "Rate Exceeded.", 429)
            self._running[definition.arn] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[definition.arn] -= 1

    def take(self, definition: Definition, start: Callable[[], Instance]) -> tuple[Instance, bool]:
        """A process for an event, and whether it is a new one.

        Args:
            definition: what is invoked, as it is now; processes of an earlier state are ended.
            start: starts one.
        """
        fingerprint = definition.fingerprint
        with self._lock:
            own = [one for one in self._waiting if _same(one.definition, definition)]
            good = [one for one in own if _usable(one, fingerprint)]
            for one in [*(one for one in own if one not in good), *good[-1:]]:
                self._waiting.remove(one)
        for one in own:
            if one not in good:
                one.close()
        instance = good[-1] if good else start()
        return instance, not good

    def give_back(self, instance: Instance) -> None:
        """Keep a process for later, unless it is over; the longest unused ones are ended."""
        instance.used = time.monotonic()
        with self._lock:
            if not instance.is_over:
                self._waiting.append(instance)
            self._waiting.sort(key=lambda one: one.used)
            surplus = self._waiting[: max(len(self._waiting) - _MOST_WAITING, 0)]
            del self._waiting[: len(surplus)]
        for one in surplus:
            one.close()

    def close(self) -> None:
        """End all that wait."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.close()


def _same(one: Definition, other: Definition) -> bool:
    return (one.arn, one.version) == (other.arn, other.version)


def _usable(instance: Instance, fingerprint: str) -> bool:
    left = instance.session.expires - time.time() - instance.definition.timeout
    return instance.definition.fingerprint == fingerprint and left > _BEFORE_EXPIRY
