"""Making any known value of a real plan unknown never turns a failure or an unknown into a pass.

The plans were written by the real Terraform (`scripts/make_plan_fixtures.py`). A sample of the
values is tried in the fast tests, every value under the marker `slow`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revet.gate.baseline import load_baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.finding import Status
from revet.model.requirement import RequirementSet
from revet.plan import load_plan

Place = tuple[str, int, tuple[Any, ...]]

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


def inner_paths(value: object, before: tuple[str | int, ...] = ()) -> Iterator[Any]:
    """The paths of all values that are known, and of the lists and maps around them."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    elif value is None:
        return
    if before:
        yield before
    for key, item in items:
        yield from inner_paths(item, (*before, key))


def places(name: str) -> list[Place]:
    return [
        (name, number, path)
        for number, change in enumerate(plan_of(name)["resource_changes"])
        if change["mode"] == "managed" and change["change"]["after"] is not None
        for path in inner_paths(change["change"]["after"])
    ]


def hidden(place: Place) -> dict[str, Any]:
    """The plan with one value made unknown, as Terraform would write it."""
    name, number, path = place
    plan = dict(plan_of(name))
    plan["resource_changes"] = list(plan["resource_changes"])
    entry = json.loads(json.dumps(plan["resource_changes"][number]))
    plan["resource_changes"][number] = entry
    value: Any = entry["change"]["after"]
    marks: Any = entry["change"]["after_unknown"]
    for step in path[:-1]:
        value, marks = value[step], _opened(marks, step, value[step])
    _opened(marks, path[-1], None)
    marks[path[-1]] = True
    if isinstance(value, list):
        value[path[-1]] = None
    else:
        del value[path[-1]]
    return plan


def _opened(marks: Any, step: Any, value: object) -> Any:  # noqa: ANN401 - parsed JSON
    """The marks one step further in; made where there are none yet."""
    if isinstance(marks, list):
        marks.extend(False for _ in range(len(marks), int(step) + 1))
    there = marks[step] if isinstance(marks, list) else marks.get(step)
    if not isinstance(there, list | dict):
        marks[step] = [] if isinstance(value, list) else {}
    return marks[step]


def answers(plan: dict[str, Any]) -> dict[tuple[str, str], Status]:
    selected = select(load_catalog(), load_baseline("default"), ASKED)
    judged = run_controls(load_plan(plan), selected, subject="plan")
    assert judged.problems == ()
    return {(found.control, found.address): found.status for found in judged.findings}


@cache
def before(name: str) -> dict[tuple[str, str], Status]:
    return answers(plan_of(name))


def improved(place: Place) -> list[str]:
    known = before(place[0])
    path = ".".join(map(str, place[2]))
    address = plan_of(place[0])["resource_changes"][place[1]]["address"]
    return [
        f"{place[0]}: {control} {subject} passes when {address}.{path} is not known"
        for (control, subject), status in answers(hidden(place)).items()
        if status is Status.PASS and known.get((control, subject), status) is not Status.PASS
    ]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([place for name in NAMES for place in places(name)]))
def test_no_value_of_a_sample_helps(place: Place) -> None:
    assert improved(place) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_value_helps(name: str) -> None:
    assert [line for place in places(name) for line in improved(place)] == []


def test_the_plans_have_something_to_lose() -> None:
    """Or the law would hold for want of answers."""
    statuses = {status for name in NAMES for status in before(name).values()}
    assert statuses >= {Status.PASS, Status.FAIL, Status.UNKNOWN}
