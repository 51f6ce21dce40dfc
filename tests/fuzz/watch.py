"""One input, watched: how long it takes, how much memory, and whether it raises."""

from __future__ import annotations

import resource
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from tests.fuzz.result import Outcome, Result

Job = tuple[str, str, int]
"""Kind, what it is tried on, and a number."""
HANG = 10.0
"""Seconds of work: what others do on the machine does not count."""
FACTOR = 8
FLOOR = 64 * 1024 * 1024
"""Bytes: what a small input may take whatever its size."""
_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")
_FRAMES = 6


class HangError(BaseException):
    """The time is up; no `except Exception` of the product may catch it."""


class Campaign(Protocol):
    """What has mutations to make."""

    def jobs(self, count: int) -> list[Job]:
        """At least so many."""

    def run(self, job: Job) -> Result:
        """Make one mutation and let the product judge it."""

    def describe(self, job: Job) -> tuple[str, str]:
        """The source of a job, and what it changes there."""

    def data(self, job: Job) -> bytes:
        """The mutated input of a job."""


def watched(campaign: Campaign, job: Job) -> Result:
    """Run a job under watch."""
    before = _peak(reset=True)
    started = time.process_time()
    try:
        with _limited():
            result = campaign.run(job)
    except HangError as error:
        result = _failed(campaign, job, Outcome.HANG, error)
    except Exception as error:  # noqa: BLE001 - counted and shown
        result = _failed(campaign, job, Outcome.CRASH, error)
    taken = max(0, _peak() - before)
    result = replace(result, seconds=time.process_time() - started, memory=taken)
    if taken > max(FLOOR, FACTOR * result.size) and result.outcome is not Outcome.HANG:
        return replace(result, outcome=Outcome.MEMORY, why=f"{taken} bytes; {result.why}")
    return result


def _failed(campaign: Campaign, job: Job, outcome: Outcome, error: BaseException) -> Result:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/revet/" in frame.filename] or list(frames)
    places = " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in reversed(ours[-_FRAMES:])
    )
    why = f"{type(error).__name__}: {str(error)[:200]} ({places})"
    source, changed = campaign.describe(job)
    return Result(job[0], job[1], source, outcome, changed, why)


@contextmanager
def _limited() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise HangError

    known = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, HANG)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, known)


def _peak(*, reset: bool = False) -> int:
    """The peak of the resident memory in bytes: since the reset on Linux, ever elsewhere."""
    if not _RESET.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if reset:
        _RESET.write_text("5")
    for line in _STATUS.read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
