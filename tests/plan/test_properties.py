"""Laws: not knowing more never makes an answer more certain."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revet.model.errors import UnknownValueError
from revet.plan import Undecided, load_plan

DATA = Path(__file__).parent / "data"
PLANS: dict[str, dict[str, Any]] = {
    name: json.loads((DATA / f"{name}.json").read_bytes())
    for name in ("hcl", "template", "dynamic")
}


def paths(value: object, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    items: list[tuple[str, object]] = []
    if isinstance(value, dict):
        items = [(str(name), inner) for name, inner in value.items() if "." not in str(name)]
    elif isinstance(value, list):
        items = [(str(index), inner) for index, inner in enumerate(value)]
    deeper = [path for name, inner in items for path in paths(inner, (*before, name))]
    return ([before] if before else []) + deeper


PLACES = [
    (name, number, path)
    for name, plan in PLANS.items()
    for number, change in enumerate(plan["resource_changes"])
    if change["mode"] == "managed"
    for path in paths(change["change"]["after"])
]


def hidden(name: str, number: int, path: tuple[str, ...]) -> dict[str, Any]:
    """The plan with one value made unknown, as Terraform would write it."""
    plan = dict(PLANS[name])
    plan["resource_changes"] = list(plan["resource_changes"])
    change = copy.deepcopy(plan["resource_changes"][number])
    plan["resource_changes"][number] = change
    value = change["change"]["after"]
    marks = change["change"]["after_unknown"]
    for depth, step in enumerate(path):
        last = depth == len(path) - 1
        key: Any = int(step) if isinstance(value, list) else step
        if isinstance(value, list):
            marks.extend(False for _ in range(len(marks), len(value)))
        if last:
            marks[key] = True
            value[key] = None
        else:
            inner: Any = [] if isinstance(value[key], list) else {}
            if isinstance(marks, list):
                marks[key] = marks[key] or inner
            elif not marks.get(key):
                marks[key] = inner
            value, marks = value[key], marks[key]
    return plan


def contains_undecided(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(contains_undecided, value.values()))
    if isinstance(value, list):
        return any(map(contains_undecided, value))
    return isinstance(value, Undecided)


@settings(deadline=None)
@given(st.sampled_from(PLACES))
def test_a_value_made_unknown_is_never_known(place: tuple[str, int, tuple[str, ...]]) -> None:
    name, number, path = place
    plan = load_plan(hidden(name, number, path))
    resource = plan.resources[PLANS[name]["resource_changes"][number]["address"]]
    for depth in range(1, len(path) + 1):
        assert contains_undecided(resource.get(".".join(path[:depth])))
    value = resource.get(".".join(path))
    assert isinstance(value, Undecided)
    with pytest.raises(UnknownValueError):
        bool(value)


@settings(deadline=None)
@given(st.sampled_from(PLACES))
def test_a_known_value_is_read_as_it_stands(place: tuple[str, int, tuple[str, ...]]) -> None:
    name, number, path = place
    change = PLANS[name]["resource_changes"][number]
    expected = change["change"]["after"]
    for step in path:
        expected = expected[int(step) if isinstance(expected, list) else step]
    got = _PLANS[name].resources[change["address"]].get(".".join(path))
    if not contains_undecided(got):
        assert got == expected


_PLANS = {name: load_plan(plan) for name, plan in PLANS.items()}
