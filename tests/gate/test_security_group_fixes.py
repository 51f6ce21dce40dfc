"""The fix of a security group fits what the finding is about, and passes both controls itself."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.gate.case_plan import plan_json

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.readings.ec2.security_group_fixes import DESCRIPTION_FIXES, RULE_FIXES
from revet.gate.selection import select
from revet.model.finding import Finding, Status
from revet.plan import load_plan

CASES = tomllib.loads((Path(__file__).parent / "security_group_fixes.toml").read_text())["case"]
FIXES = {
    "ec2-security-group-open": RULE_FIXES,
    "ec2-security-group-rule-description": DESCRIPTION_FIXES,
}
TYPES = {"ingress": "ingress_rule", "egress": "egress_rule"}
ASSIGNMENT = re.compile(r"^  (\w+)\s+= (.+)$", re.MULTILINE)


def judged(resources: dict[str, Any]) -> tuple[Finding, ...]:
    plan = load_plan(plan_json({"resource": resources}, "test"))
    selected = select(load_catalog(), Baseline("test", controls=tuple(FIXES)), None)
    return run_controls(plan, selected, subject="stack").findings


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_fix_has_the_direction_of_the_rule(case: dict[str, Any]) -> None:
    findings = judged(case["resource"])
    assert {item.control for item in findings if item.status is Status.FAIL} == set(FIXES)
    for finding in findings:
        assert finding.fix == FIXES[finding.control][case["way"]]


@pytest.mark.parametrize("way", RULE_FIXES)
def test_fix_passes_both_controls(way: str) -> None:
    assert f'"aws_vpc_security_group_{TYPES[way]}"' in RULE_FIXES[way]
    arguments = {
        name: "sg-12345678" if "aws_security_group." in value else value.strip('"')
        for name, value in ASSIGNMENT.findall(RULE_FIXES[way])
    }
    ports = {name: int(arguments[name]) for name in ("from_port", "to_port")}
    rule = {**arguments, **ports}
    findings = judged({f"aws_vpc_security_group_{TYPES[way]}": {"a": rule}})
    assert [item.status for item in findings] == [Status.PASS, Status.PASS]


def test_description_of_the_controls_shows_both() -> None:
    catalog = load_catalog()
    for control, fixes in FIXES.items():
        assert all(fix in catalog[control].meta.fix for fix in fixes.values())
