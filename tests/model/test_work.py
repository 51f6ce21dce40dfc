"""The time limit of judging, on a clock that the test moves."""

import itertools

import pytest

from revet.model.errors import WorkLimitError
from revet.model.work import STEPS_A_LOOK, Work, default_seconds, limited, spend


def test_the_clock_is_asked_now_and_then_and_then_every_step_raises() -> None:
    work = Work(10, itertools.count(0, 6).__next__)  # begun at 0; looks at 6, then at 12
    with limited(work):
        for _ in range(STEPS_A_LOOK):
            spend()
        with pytest.raises(WorkLimitError, match="longer than its time limit"):
            spend(STEPS_A_LOOK)
        with pytest.raises(WorkLimitError):
            spend()
    assert work.over


def test_nothing_is_limited_outside() -> None:
    with limited(Work(0, itertools.count().__next__)):
        pass
    spend(10 * STEPS_A_LOOK)


def test_the_default_grows_with_the_plan() -> None:
    assert default_seconds(0) == 30
    assert default_seconds(100_000) == 530
