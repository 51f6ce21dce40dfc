"""Verdicts on other people's HCL, and what no report of any case may say."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.gate.case_file import KINDS, Case, load_cases

from revet.gate.baseline import Baseline
from revet.gate.catalog import Control, catalog_of, load_catalog
from revet.gate.engine import ControlRun, run_controls
from revet.gate.selection import select
from revet.model.finding import Finding, Outcome
from revet.plan import Inventory, Resource, load_plan

HERE = Path(__file__).parent
DATA = HERE.parent / "plan" / "data"
CASES = tomllib.loads((HERE / "foreign.toml").read_text(encoding="utf-8"))["judged"]
CATALOG = load_catalog()
ALL = [
    case for path in sorted((HERE / "cases").glob("*/*.toml")) for case in load_cases(path).cases
]


def judged(plan: Inventory, settings: dict[str, Any]) -> ControlRun:
    """What the whole catalogue says of a plan."""
    everything = Baseline("everything", controls=tuple(CATALOG), settings=settings)
    return run_controls(plan, select(CATALOG, everything, None), subject="plan")


@cache
def judged_file(name: str, settings: str = "{}") -> ControlRun:
    return judged(load_plan(DATA / f"{name}.json"), json.loads(settings))


def name_of(case: dict[str, Any]) -> str:
    return f"{case['control']} {case['plan']} {case['address']} {case.get('settings', '')}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_judged(case: dict[str, Any]) -> None:
    settings = {case["control"]: case["settings"]} if "settings" in case else {}
    answer = judged_file(case["plan"], json.dumps(settings))
    assert answer.problems == ()
    [finding] = [
        finding
        for finding in answer.findings
        if (finding.control, finding.address) == (case["control"], case["address"])
    ]
    assert finding.status is KINDS[case["kind"]], finding.implemented
    assert case.get("why", "") in finding.implemented


def texts(finding: Finding) -> Iterator[str]:
    """All that a report may show of a finding."""
    yield from (finding.implemented, finding.resolve, finding.required, finding.impact)
    yield from (finding.fix, finding.fix_construct, *finding.paths, *finding.related)


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.control}: {case.name}")
def test_no_case_shows_words_of_our_own(case: Case) -> None:
    answer = judged(load_plan(case.plan, case.synthesis), {})
    assert not [text for finding in answer.findings for text in texts(finding) if _ours(text)]


@pytest.mark.parametrize("name", sorted(path.stem for path in DATA.glob("*.json")))
def test_no_plan_shows_words_of_our_own(name: str) -> None:
    answer = judged_file(name)
    assert answer.findings
    assert not [text for finding in answer.findings for text in texts(finding) if _ours(text)]


def _ours(text: str) -> bool:
    """Whether a text holds what looks like a call of Terraform's, and is none."""
    return "derived(" in text.lower() or "all(" in text.replace("setall(", "")


# What the sensitive policies of `foreign_sensitive` say, and nothing else in it does.
SECRETS = ("SecretTlsSid", "999988887777", "Objekt", "SecretQueue", "Aktion")


def test_nothing_of_a_sensitive_policy_is_shown() -> None:
    text = (DATA / "foreign_sensitive.json").read_text(encoding="utf-8")
    assert all(word in text for word in SECRETS)
    answer = judged_file("foreign_sensitive")
    shown = [text for finding in answer.findings for text in texts(finding)]
    assert not [text for text in shown for word in SECRETS if word in text]


def test_nor_by_a_rule_that_crashes_over_it(make_control: Callable[..., Control]) -> None:
    def rule(resource: Resource, inventory: Inventory) -> Outcome:
        del inventory
        document = resource.policy("policy")
        raise ValueError(document.text if document else "")

    broken = make_control(rule, resource="aws_s3_bucket_policy")
    chosen = select(catalog_of((broken,)), None, None)
    answer = run_controls(load_plan(DATA / "foreign_sensitive.json"), chosen, subject="plan")
    assert answer.findings == ()
    [problem] = [text for text in answer.problems if "aws_s3_bucket_policy.good" in text]
    assert "is sensitive" in problem
    assert not [text for text in answer.problems for word in SECRETS if word in text]
