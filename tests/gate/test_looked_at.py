"""A verdict says what nothing but tags and names looked at, and claims to have seen no more."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.gate.case_plan import plan_json

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.plan import load_plan
from revet.plan.looked_at import note, noting

CASES = tomllib.loads((Path(__file__).parent / "looked_at.toml").read_text())["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_left(case: dict[str, Any]) -> None:
    verdict = judge(
        load_plan(plan_json(case, case["name"])),
        load_catalog(),
        baseline=Baseline("test", settings=case.get("settings", {})),
        today=dt.date(2026, 1, 1),
        stack="stack",
    )
    assert verdict.problems == ()
    left = verdict.not_looked_at or {}
    assert {kind: len(names) for kind, names in left.items()} == case["left"]
    labels = {"tags-required", "terraform-names"}
    judged = {item.address for item in verdict.findings if item.control not in labels}
    assert not judged.intersection(name for names in left.values() for name in names)


def test_nothing_is_noted_outside_and_an_inner_note_rests_the_outer() -> None:
    outer: set[str] = set()
    inner: set[str] = set()
    note(("before",))
    with noting(outer):
        note(("a",))
        with noting(inner):
            note(("b",))
        note(("c",))
    note(("after",))
    assert (outer, inner) == ({"a", "c"}, {"b"})


def test_a_plan_of_types_that_nobody_judges_is_undecided_and_lists_them() -> None:
    plan = load_plan(plan_json({"resource": {"aws_ecs_cluster": {"a": {"name": "a"}}}}, "test"))
    verdict = judge(plan, load_catalog(), today=dt.date(2026, 1, 1), stack="stack")
    assert verdict.decision == "undecided"
    assert verdict.not_looked_at == {"aws_ecs_cluster": ("aws_ecs_cluster.a",)}
