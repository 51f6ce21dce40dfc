"""Takes on what waits: subscriptions, buffers of Firehose, alarms; until nothing is left to do."""

from __future__ import annotations

import datetime as dt
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from moto.firehose.models import firehose_backends
from moto.logs.models import logs_backends

from revet.embedded import faults
from revet.embedded.call import Moto
from revet.embedded.changes import together, touch
from revet.embedded.faults import Faults
from revet.embedded.function_calls import FunctionCalls
from revet.embedded.log_delivery.alarms import evaluate_alarms
from revet.embedded.log_delivery.buffers import drop_excess, waiting_in, waiting_streams
from revet.embedded.log_delivery.firehose import deliver_stream
from revet.embedded.log_delivery.subscriptions import deliver, take_pending
from revet.embedded.wire_error import AwsError

_ROUNDS = 50
"""Log events about deliveries may be delivered themselves; each round is one such step."""
_SECONDS = 20.0
"""For one visit; whoever wants more asks again."""
Idle = Callable[[float], list[str]]


def _is_idle(_seconds: float) -> list[str]:
    """Where nothing runs in the background."""
    return []


def _ignore() -> None:
    """Where the state is not kept."""


@dataclass(slots=True)
class Round:
    """What the courier did.

    Args:
        delivered: records that came into their buckets, and batches of events into their streams.
        failed: what could not be delivered, with the reason.
        alarms: names of those whose state changed.
        moved: whether anything was there to be done.
        left: functions in the background that did not come to an end.
        quiet: whether nothing was left to do.
    """

    delivered: int = 0
    failed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    moved: bool = False
    left: list[str] = field(default_factory=list)
    quiet: bool = False


class Courier:
    """Delivers, as often as it is asked to.

    Args:
        lock: of the state.
        faults: where what cannot be delivered is written down.
        functions: runs one.
        wait_until_idle: waits so many seconds for functions that run in the background, and names
            those that did not end; called without the lock.
        wrote: called after each round, all of which is kept or nothing.
    """

    def __init__(
        self,
        lock: AbstractContextManager[object],
        faults: Faults,
        functions: FunctionCalls,
        wait_until_idle: Idle = _is_idle,
        wrote: Callable[[], None] = _ignore,
    ) -> None:
        self._lock = lock
        self._faults = faults
        self._functions = functions
        self._wait_until_idle = wait_until_idle
        self._wrote = wrote
        self._told: set[str] = set()
        self._untold = Round()
        """What was done since somebody last waited."""

    def settle(self, *, wait: bool = True) -> dict[str, Any]:
        """Deliver until nothing is left that can be delivered, and evaluate the alarms.

        Args:
            wait: for functions that run in the background, whose logs are delivered, too.

        Returns:
            What was done, as JSON. A caller that waits is also told what was done since somebody
            last waited; nobody is told that twice.
        """
        stuck: set[tuple[str, str, str]] = set()
        left: list[str] = []
        quiet = False
        end = time.monotonic() + _SECONDS
        for _ in range(_ROUNDS):
            if wait:
                left = self._wait_until_idle(max(end - time.monotonic(), 0.0))
            with self._lock, together():
                moved = self._round(self._untold, stuck)
            self._wrote()
            if not moved:
                quiet = not left
                break
            if time.monotonic() > end:
                break
        with self._lock:
            done = replace(self._untold, left=left, quiet=quiet)
            if wait:
                self._untold = Round()
        return asdict(done)

    def _round(self, done: Round, stuck: set[tuple[str, str, str]]) -> bool:
        """One round; whether anything was there to be done."""
        moved = self._deliver(done, stuck)
        changed = self._evaluate(done)
        done.alarms += [one for one in dict.fromkeys(changed) if one not in done.alarms]
        done.moved |= moved or bool(changed)
        return moved or bool(changed)

    def _evaluate(self, done: Round) -> list[str]:
        changed: list[str] = []

        def evaluate() -> None:
            now = dt.datetime.now(dt.UTC)
            changed.extend(evaluate_alarms(now, lambda line: self._not_delivered(done, line)))

        self._attempt(done, "the alarms", evaluate)
        return changed

    def _deliver(self, done: Round, stuck: set[tuple[str, str, str]]) -> bool:
        """Deliver once; whether anything was there to be delivered."""
        moved = False
        for backend in _backends(logs_backends):
            for pending in take_pending(backend):
                touch(backend)
                moved = True
                what = f"events of {pending.source} to {pending.destination}"
                if self._attempt(done, what, partial(deliver, pending, self._functions)):
                    done.delivered += 1
        for backend in _backends(firehose_backends):
            for name in waiting_streams(backend):
                place = (backend.account_id, backend.region_name, name)
                if place not in stuck:
                    touch(backend)
                    moved = True
                    if not self._deliver_stream(done, backend, name):
                        stuck.add(place)
        return moved

    def _deliver_stream(self, done: Round, backend: Moto, name: str) -> bool:
        waiting = len(waiting_in(backend, name))
        what = f"what waits in the delivery stream {name}"
        if self._attempt(done, what, partial(deliver_stream, backend, name)):
            done.delivered += waiting
            return True
        dropped = drop_excess(backend, name)
        if dropped:
            self._not_delivered(done, f"{dropped} records of {name}, since too many wait")
        return False

    def _attempt(self, done: Round, what: str, run: Callable[[], None]) -> bool:
        try:
            run()
        except AwsError as error:
            self._not_delivered(done, f"{what}: {error.message}")
        except Exception as error:  # noqa: BLE001 - written down; other deliveries go on
            message = f"{what}: {type(error).__name__}: {error}"
            if message not in done.failed:
                done.failed.append(message)
            self._faults.add(
                faults.INTERNAL, f"a delivery failed: {message}", traceback=traceback.format_exc()
            )
        else:
            return True
        return False

    def _not_delivered(self, done: Round, line: str) -> None:
        if line not in done.failed:  # nobody may be waiting for a long time
            done.failed.append(line)
        if line not in self._told:  # a stream that cannot deliver is tried again and again
            self._told.add(line)
            self._faults.add(faults.NOT_DELIVERED, f"delivery not made: {line}")


def _backends(store: Moto) -> Iterator[Moto]:
    """The backends that there are, of all accounts and regions; makes no new ones."""
    for _, regions in sorted(dict.items(store)):
        for _, backend in sorted(dict.items(regions)):
            yield backend
