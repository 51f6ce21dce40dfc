"""Making any value of a case unknown never turns a failure or an unknown into a pass.

A third of the values in the fast tests, all under `slow`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.gate.case_plan import DEPENDS_ON, plan_json, synthesis_json

from revet.gate.baseline import Baseline
from revet.gate.catalog import catalog_of, load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.finding import Status
from revet.plan import load_plan

CASES = Path(__file__).parent / "cases"
CATALOG = load_catalog()


def leaves(value: object, path: str) -> Iterator[str]:
    """Paths of everything that can be made unknown: values, and lists and maps as a whole."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from leaves(item, f"{path}.{number}")
        yield path
    else:
        yield path


def paths(case: dict[str, Any]) -> list[str]:
    found = []
    for kind, named in case.get("resource", {}).items():
        for name, arguments in named.items():
            for argument, value in arguments.items():
                if argument == DEPENDS_ON:  # the configuration says it, whatever is not known
                    continue
                found += [p for p in leaves(value, f"{kind}.{name}.{argument}") if "\n" not in p]
    given = case.get("unknown", ())
    return [path for path in found if not any(path.startswith(known) for known in given)]


def answers(case: dict[str, Any], control: str, unknown: list[str]) -> dict[str, Status]:
    plan = load_plan(plan_json({**case, "unknown": unknown}, case["name"]), synthesis_json(case))
    catalog = catalog_of((CATALOG[control],))
    asked = Baseline("test", controls=(control,), settings={control: case.get("settings", {})})
    judged = run_controls(plan, select(catalog, asked, None), subject="plan")
    assert judged.problems == (), unknown
    return {finding.address: finding.status for finding in judged.findings}


def lost(before: dict[str, Status], after: dict[str, Status]) -> list[str]:
    """What is no longer judged, and does not pass, without something unknown in its place."""
    instead = [status for address, status in after.items() if address not in before]
    gone = [one for one in before.keys() - after.keys() if before[one] is not Status.PASS]
    return [] if Status.UNKNOWN in instead else gone


@pytest.mark.parametrize("path", sorted(CASES.glob("*/*.toml")), ids=lambda path: path.stem)
@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.slow)])
def test_unknown_never_helps(path: Path, step: int) -> None:
    control = f"{path.parent.name}-{path.stem}".replace("_", "-")
    improved = []
    for case in tomllib.loads(path.read_text())["case"]:
        given = case.get("unknown", [])
        before = answers(case, control, given)
        for leaf in paths(case)[::step]:
            after = answers(case, control, [*given, leaf])
            improved += [
                f"{case['name']}: {address} passes when {leaf} is not known"
                for address, status in after.items()
                if status is Status.PASS and before.get(address) is not Status.PASS
            ]
            improved += [
                f"{case['name']}: {address} goes away when {leaf} is not known"
                for address in lost(before, after)
            ]
    assert improved == []
