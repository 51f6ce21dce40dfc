"""What a courier did while nobody waited is told to whoever waits next, once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from revet.embedded.faults import Faults
from revet.embedded.function_calls import FunctionCalls
from revet.embedded.log_delivery import courier
from revet.embedded.log_delivery.courier import Courier


@pytest.fixture
def carrying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Courier:
    """One that has nothing but alarms to look at."""
    monkeypatch.setattr(courier, "_backends", lambda _store: iter(()))
    (tmp_path / "faults-expected").touch()
    return Courier(threading.RLock(), Faults(tmp_path), FunctionCalls())


def test_who_waits_is_told_what_was_done_before(
    carrying: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = iter([["first"], [], ["second"], ["first"], []])
    monkeypatch.setattr(courier, "evaluate_alarms", lambda *_: next(said, []))
    carrying.settle(wait=False)
    done = carrying.settle()
    assert (done["alarms"], done["moved"], done["quiet"]) == (["first", "second"], True, True)
    assert carrying.settle()["alarms"] == []


def test_a_delivery_that_fails_again_and_again_is_told_once(
    carrying: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def evaluate(_now: object, tell: object) -> list[str]:
        assert callable(tell)
        tell("no place for it")
        return []

    monkeypatch.setattr(courier, "evaluate_alarms", evaluate)
    for _ in range(3):
        carrying.settle(wait=False)
    assert carrying.settle()["failed"] == ["no place for it"]
