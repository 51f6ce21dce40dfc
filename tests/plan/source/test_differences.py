"""Sources that do not belong to the plan are ignored, and it is said why."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

import sources as measuring
from revet.model.finding import Status
from revet.plan import load_plan

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "differences.toml").read_text())["case"]
DEEP = "[" * 500 + "]" * 500


def changed(case: dict[str, Any], folder: Path) -> Path:
    """A copy of the case's stack with its edit."""
    stack = folder / str(case["stack"])
    shutil.copytree(measuring.STACKS / case["stack"], stack)
    file = stack / case.get("file", "main.tf")
    text = file.read_text() if "old" in case else ""
    new = case["new"].replace("<deep>", DEEP)
    if "old" in case:
        assert case["old"] in text
        new = text.replace(case["old"], new, 1)
    file.write_bytes(new.encode(case.get("encoding", "utf-8")))
    return stack


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_differs_from_the_plan_is_ignored_and_said(
    case: dict[str, Any], tmp_path: Path
) -> None:
    stack = changed(case, tmp_path)
    plan = load_plan(stack / "plan.json", sources=stack)
    assert plan.sources is not None
    assert bool(plan.sources.ignored) is case.get("ignored", True)
    assert all(case["says"] in text for text in plan.sources.ignored[:1])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_differs_tells_no_more_than_the_plan_alone(
    case: dict[str, Any], tmp_path: Path
) -> None:
    stack = changed(case, tmp_path)
    before = measuring.measure(stack, sources=False)
    after = measuring.measure(stack, sources=True)
    true = measuring.measure(measuring.STACKS / case["stack"], sources=True)
    right = {(item.control, item.address): item.status for item in true.findings}
    alone = {(item.control, item.address): item.status for item in before.findings}
    for item in after.findings:
        key = (item.control, item.address)
        assert item.status in (alone[key], right[key], Status.UNKNOWN)
