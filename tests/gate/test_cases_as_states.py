"""The cases of the controls once more, as the state that is there when they are applied."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.gate.case_file import KINDS
from tests.gate.case_state import NoStateError, state_of

from revet.gate.baseline import Baseline
from revet.gate.catalog import catalog_of, load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.finding import Origin, Status
from revet.plan.state import load_state

HERE = Path(__file__).parent
CATALOG = load_catalog()
PLAN_ONLY: dict[str, dict[str, str]] = tomllib.loads((HERE / "plan_only.toml").read_text())
MOST = 26
"""Cases that a state cannot have, or does not show as the plan does."""


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((HERE / "cases").rglob("*.toml")):
        control = f"{path.parent.name}-{path.stem}".replace("_", "-")
        for case in tomllib.loads(path.read_text())["case"]:
            readings = CATALOG[control].meta.readings
            if case["kind"] != "unknown" and (not readings or "state" in readings):
                yield control, case


def has_state(case: Mapping[str, Any]) -> bool:
    try:
        state_of(case)
    except NoStateError:
        return False
    return True


EVERY = list(cases())
ALL = [(control, case) for control, case in EVERY if has_state(case)]


def answers(control: str, case: Mapping[str, Any]) -> tuple[dict[str, Status], tuple[str, ...]]:
    settings = {control: case.get("settings", {})}
    named = Baseline("case", controls=(control,), settings=settings)
    chosen = select(catalog_of((CATALOG[control],)), named, None)
    judged = run_controls(load_state(state_of(case)), chosen, subject="plan")
    assert {finding.origin for finding in judged.findings} <= {Origin.STATE}
    return {finding.address: finding.status for finding in judged.findings}, judged.problems


@pytest.mark.parametrize(
    ("control", "case"), ALL, ids=[f"{control}: {case['name']}" for control, case in ALL]
)
def test_a_state_is_judged_like_its_plan(control: str, case: dict[str, Any]) -> None:
    found, problems = answers(control, case)
    kinds = case.get("expect") or dict.fromkeys(found, case["kind"])
    expected = {address: KINDS[kind] for address, kind in kinds.items()}
    assert problems == ()
    if case["name"] in PLAN_ONLY.get(control, {}):
        assert found != expected, "it holds for a state too"
    else:
        assert found == expected


def test_few_cases_hold_for_a_plan_alone() -> None:
    without = len(EVERY) - len(ALL)
    listed = [name for names in PLAN_ONLY.values() for name in names]
    there = {case["name"] for _, case in ALL}
    assert set(listed) <= there
    assert all(reason for names in PLAN_ONLY.values() for reason in names.values())
    assert without + len(listed) < MOST


def test_a_managed_password_without_a_secret_is_unknown() -> None:
    case = {"resource": {"aws_db_instance": {"a": {"manage_master_user_password": True}}}}
    state = state_of(case)
    values = state["values"]["root_module"]["resources"][0]["values"]
    assert values.pop("master_user_secret")
    values["master_user_secret"] = []
    control = "rds-instance-managed-credentials"
    chosen = select(CATALOG, Baseline("test", controls=(control,)), None)
    (finding,) = run_controls(load_state(state), chosen, subject="state").findings
    assert finding.status is Status.UNKNOWN
