"""A verdict for which the time was too short is undecided, and says where the time went."""

import datetime as dt
import itertools

import hostile
from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.verdict import Decision, Verdict
from revet.model.work import Work
from revet.plan import load_plan


def judged(seconds: float, tick: float) -> Verdict:
    """Judge a few groups on a clock that goes on by a tick whenever somebody looks."""
    plan = load_plan(hostile.security_groups(20))
    work = Work(seconds, itertools.count(0, tick).__next__)
    today = dt.date(2030, 1, 1)
    return judge(plan, load_catalog(), today=today, stack="s", work=work)


def test_enough_time() -> None:
    assert judged(60, 0.0).decision is not Decision.UNDECIDED


def test_too_little_time() -> None:
    verdict = judged(1, 0.1)
    assert verdict.decision is Decision.UNDECIDED
    assert verdict.decision.exit_code == 2
    [problem] = verdict.problems
    assert "longer than its time limit of 1 s" in problem
    assert "controls are not finished" in problem
    assert "most time: `" in problem


def test_no_time_at_all_is_undecided_too() -> None:
    assert judged(0, 0.1).decision is Decision.UNDECIDED
