"""Which attributes of which types rules ask for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.gate.case_plan import plan_json, synthesis_json

from revet.gate.baseline import Baseline
from revet.gate.catalog import catalog_of, load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.plan import load_plan
from revet.plan.resource import Resource
from revet.plan.walk import Position

CASES = Path(__file__).parent / "cases"
Asked = set[tuple[str, str]]
"""Managed types, each with the name of an attribute."""


@contextmanager
def recorded() -> Iterator[Asked]:
    """What is asked for inside: every way of reading an attribute begins with where it leads."""
    found: Asked = set()
    place = Resource.place

    def recording(resource: Resource, path: str) -> Position:
        if resource.mode == "managed":
            found.add((resource.type, path.partition(".")[0]))
        return place(resource, path)

    with patch.object(Resource, "place", recording):
        yield found


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """All cases of all controls, each with the id of its control."""
    for path in sorted(CASES.glob("*/*.toml")):
        control = f"{path.parent.name}-{path.stem}".replace("_", "-")
        for case in tomllib.loads(path.read_text())["case"]:
            yield control, case


@cache
def asked_by_cases() -> frozenset[tuple[str, str]]:
    """What rules ask for in all cases of all controls."""
    catalog = load_catalog()
    with recorded() as found:
        for control, case in cases():
            plan = load_plan(plan_json(case, case["name"]), synthesis_json(case))
            settings = {control: case.get("settings", {})}
            named = Baseline("case", controls=(control,), settings=settings)
            chosen = select(catalog_of((catalog[control],)), named, None)
            run_controls(plan, chosen, subject="plan")
    return frozenset(found)
