"""What a state or a plan lacks is unknown, as far as it is read: gaps.toml."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import hostile
from revet.plan import Resource, Unknown, load_plan
from revet.plan.gaps import Gap, merged
from revet.plan.state import load_state

GAPS = tomllib.loads(Path(__file__).with_name("gaps.toml").read_text())["gap"]


def values_of(case: Mapping[str, Any]) -> dict[str, Any]:
    """TOML has no null: what is null is named beside the values."""
    values: dict[str, Any] = copy.deepcopy(case["values"])
    for path in case.get("null", ()):
        place: Any = values
        *heads, last = path.split(".")
        for head in heads:
            place = place[int(head)] if isinstance(place, list) else place[head]
        place[last] = None
    return values


def resource_of(case: Mapping[str, Any]) -> Resource:
    address, values = f"{case['type']}.x", values_of(case)
    change = hostile.change(address, values)
    if case["as"] == "state":
        del change["change"]
        root = {"resources": [{**change, "values": values, "sensitive_values": {}}]}
        return load_state({"format_version": "1.0", "values": {"root_module": root}}).resources[
            address
        ]
    change["change"]["actions"] = [case["as"]]
    if case["as"] != "create":
        change["change"]["before"] = values
    written = {name: {"constant_value": of} for name, of in case.get("written", {}).items()}
    root = {"resources": [hostile.written(address, written)]}
    return load_plan(hostile.plan([change], root)).resources[address]


@pytest.mark.parametrize("case", GAPS, ids=lambda case: case["name"])
def test_what_is_read(case: Mapping[str, Any]) -> None:
    found = resource_of(case).get(case["path"])
    if "why" not in case:
        assert found == case.get("value")
        return
    assert isinstance(found, Unknown)
    assert case["why"] in found.why
    assert found.path == f"{case['type']}.x.{case['path']}"


def test_gaps_stand_beside_the_marks_of_terraform() -> None:
    marks = {"id": True, "rule": [{"arn": True}, {}], "tags": {}}
    more = {"id": Gap.MISSING, "rule": [{"name": Gap.NULL}, {"name": Gap.NULL}], "key": Gap.NULL}
    assert merged(marks, more) == {
        "id": True,
        "rule": [{"arn": True, "name": Gap.NULL}, {"name": Gap.NULL}],
        "tags": {},
        "key": Gap.NULL,
    }
    assert merged(marks, {}) is marks
