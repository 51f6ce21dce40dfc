"""The watch sees what it is for."""

from __future__ import annotations

import pytest
from tests.fuzz import watch
from tests.fuzz.result import Outcome, Result
from tests.fuzz.watch import Job, watched

JOB = ("kind", "control", 0)


class Bad:
    """A campaign whose one job does not end well."""

    def jobs(self, count: int) -> list[Job]:
        return [JOB] * count

    def run(self, job: Job) -> Result:
        raise NotImplementedError(job)

    def describe(self, job: Job) -> tuple[str, str]:
        return "source", f"changed by {job[0]}"

    def data(self, job: Job) -> bytes:
        return job[0].encode()


class Crashing(Bad):
    def run(self, job: Job) -> Result:
        return Result(job[0], job[1], "", Outcome(job[0]))


class Hanging(Bad):
    """It catches whatever an `except Exception` can."""

    def run(self, job: Job) -> Result:
        while True:
            try:
                sum(range(1000))
            except Exception:  # noqa: BLE001, S112 - as the product might
                continue
            else:
                assert job


class Swelling(Bad):
    def run(self, job: Job) -> Result:
        taken = bytearray(watch.FLOOR * 2)
        return Result(job[0], job[1], "", Outcome.BLOCKED, size=taken.count(1))


def test_a_crash_is_seen_with_its_source() -> None:
    found = watched(Crashing(), JOB)
    assert found.outcome is Outcome.CRASH
    assert (found.source, found.changed) == ("source", "changed by kind")
    assert found.why.startswith("ValueError")


def test_a_hang_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "HANG", 0.05)
    assert watched(Hanging(), JOB).outcome is Outcome.HANG


def test_memory_is_seen() -> None:
    found = watched(Swelling(), JOB)
    assert found.outcome is Outcome.MEMORY
    assert found.memory > watch.FLOOR
