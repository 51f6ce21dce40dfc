"""What of a state cannot be judged makes verification undecided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.rehearsal.walks import deploy, verify

from revet.model.verdict import Decision
from revet.rehearsal.stack_input import StackInput

World = Any  # of conftest.py
Target = Any  # same


@pytest.fixture
def work(road: StackInput, target: Target, world: World, tmp_path: Path) -> Path:
    folder = tmp_path / ".revet" / "small" / "embedded"
    assert deploy(road, target, folder).decision is Decision.ALLOWED
    world.done.clear()
    return folder


def test_what_is_deployed_is_judged(road: StackInput, target: Target, work: Path) -> None:
    verdict = verify(road, target, work)
    assert (verdict.decision, verdict.provenance.stage) == (Decision.ALLOWED, "verify")
    assert verdict.provenance.target == "aws"
    assert verdict.provenance.account == "123456789012"


def test_nothing_deployed_is_not_allowed(
    road: StackInput, target: Target, world: World, work: Path
) -> None:
    world.state.clear()
    verdict = verify(road, target, work)
    assert verdict.decision is Decision.UNDECIDED
    assert verdict.problems == ("nothing is deployed: the state holds no managed resource",)


def test_a_deposed_instance_is_not_passed_over(
    road: StackInput, target: Target, world: World, work: Path
) -> None:
    world.deposed = "0a1b2c3d"
    verdict = verify(road, target, work)
    assert verdict.decision is Decision.UNDECIDED
    assert "aws_cloudwatch_log_group.app (deposed 0a1b2c3d)" in verdict.problems[0]


@pytest.mark.parametrize("beside", [False, True])
def test_what_exists_beside_is_asked_for(
    road: StackInput, target: Target, world: World, work: Path, *, beside: bool
) -> None:
    verify(road, target, work, beside=beside)
    assert world.asked["beside"] is beside
    assert world.asked["regions"] == {}
