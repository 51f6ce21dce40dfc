"""A key that a plan does not know and nobody wrote: the provider fills in none for buckets."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from tests.gate.case_file import load_cases

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.finding import Status
from revet.plan import load_plan

CONTROL = "kms-key-one-service"
FILE = Path(__file__).parent / "cases" / "kms" / "key_one_service.toml"
NAMES = ("a bucket and a function", "a bucket that says it itself, and a table")


def unwritten(node: Any) -> None:  # noqa: ANN401 - JSON
    """Write null for the keys of buckets."""
    for name, value in node.items() if isinstance(node, dict) else enumerate(node):
        if name == "kms_master_key_id":
            node[name] = {"constant_value": None}
        elif isinstance(value, (dict, list)):
            unwritten(value)


@pytest.mark.parametrize("name", NAMES)
def test_a_key_of_a_bucket_that_nobody_wrote_is_doubted(name: str) -> None:
    [case] = [one for one in load_cases(FILE).cases if one.name == name]
    plan = copy.deepcopy(dict(case.plan))
    unwritten(plan["configuration"])
    named = Baseline("plan", controls=(CONTROL,), settings={CONTROL: case.settings})
    judged = run_controls(load_plan(plan), select(load_catalog(), named, None), subject="plan")
    [finding] = judged.findings
    assert finding.status is Status.UNKNOWN
    assert "known after apply, though the configuration does not set it" in finding.implemented
