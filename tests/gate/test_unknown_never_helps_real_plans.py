"""Making any known value of a real plan unknown never turns a failure or an unknown into a pass.

The plans were written by the real Terraform (`scripts/make_plan_fixtures.py`). A sample of the
values is tried in the fast tests, every value under the marker `slow`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.gate.hiding import Hideable, hidden, hideable

from revet.gate.baseline import load_baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.finding import Status
from revet.model.requirement import RequirementSet
from revet.plan import load_plan

DATA = Path(__file__).parents[1] / "plan" / "data"
FILES = {path.stem: path for path in DATA.glob("*.json")}
# Whole stacks, as the tests that spoil them plan them; each is beside its sources' hash.
FILES |= {
    path.parents[1].name: path for path in (DATA.parents[1] / "mutations").glob("*/plans/good.json")
}
NAMES = sorted(FILES)
ASKED = RequirementSet(
    "test",
    (),
    {
        "tags-required": {"keys": ["Environment", "Owner"]},
        "terraform-names": {"pattern": "[a-z0-9-]+"},
        "terraform-outputs": {"names": ["key_arn"]},
    },
)


@cache
def plan_of(name: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(FILES[name].read_bytes())
    return parsed if "resource_changes" in parsed else parsed["plan"]


def answers(plan: dict[str, Any]) -> dict[tuple[str, str], Status]:
    selected = select(load_catalog(), load_baseline("default"), ASKED)
    judged = run_controls(load_plan(plan), selected, subject="plan")
    assert judged.problems == ()
    return {(found.control, found.address): found.status for found in judged.findings}


@cache
def before(name: str) -> dict[tuple[str, str], Status]:
    return answers(plan_of(name))


def improved(name: str, place: Hideable) -> list[str]:
    known, now = before(name), answers(hidden(plan_of(name), place))
    return [
        f"{name}: {control} {address} improves when {place.how} is not known"
        for (control, address), status in known.items()
        if status is not Status.PASS and now.get((control, address)) in (None, Status.PASS)
    ]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([(name, place) for name in NAMES for place in hideable(plan_of(name))]))
def test_no_value_of_a_sample_helps(place: tuple[str, Hideable]) -> None:
    assert improved(*place) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_value_helps(name: str) -> None:
    assert [line for place in hideable(plan_of(name)) for line in improved(name, place)] == []


def test_the_plans_have_something_to_lose() -> None:
    """Or the law would hold for want of answers."""
    statuses = {status for name in NAMES for status in before(name).values()}
    assert statuses >= {Status.PASS, Status.FAIL, Status.UNKNOWN}
