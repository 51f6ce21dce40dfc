"""Every finding code fires where its cases say, and nowhere else."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.iam.validate.case import Case, case_files, read_cases

from revet.iam.validate import validate_policy
from revet.iam.validate.catalog import load_checks
from revet.iam.validate.finding import OWN_PREFIX

CASES = [case for path in case_files() for case in read_cases(path)]
LEAST = 3


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    """The code with exact paths and spans, and exactly the other codes that the case names."""
    found = validate_policy(case.policy, case.type, case.resource_type)
    expected = case.also | ({case.code} if case.fires else set())
    assert {finding.code for finding in found} == expected, [
        (finding.code, finding.details) for finding in found
    ]
    mine = [finding for finding in found if finding.code == case.code]
    places = [tuple(location.path for location in finding.locations) for finding in mine]
    assert places == list(case.at)
    texts = [
        tuple(case.policy[at.span.start.offset : at.span.end.offset] for at in finding.locations)
        for finding in mine
    ]
    assert texts == list(case.text)


@pytest.mark.parametrize("code", sorted(load_checks()))
def test_every_code_has_cases(code: str) -> None:
    """Three that fire, three near misses."""
    path = next((path for path in case_files() if path.stem == code), None)
    assert path is not None, f"no case file for {code}"
    cases = read_cases(path)
    assert sum(case.fires for case in cases) >= LEAST
    assert sum(not case.fires for case in cases) >= LEAST


def test_every_case_file_has_a_code() -> None:
    """No cases of a code that does not exist."""
    assert {path.stem for path in case_files()} <= set(load_checks())


def test_every_code_of_aws_is_there_with_its_level() -> None:
    """AWS's page lists 153; the codes with our prefix come on top."""
    listed = tomllib.loads((Path(__file__).parent / "codes.toml").read_text(encoding="utf-8"))
    levels = {code: level for level, codes in listed.items() for code in codes}
    ours = {
        code: found.level.value
        for code, found in load_checks().items()
        if not code.startswith(OWN_PREFIX)
    }
    assert len(levels) == 153
    assert ours == levels


WITH_MANY_ANSWERS = {
    "EQUIVALENT_TO_NULL_FALSE",
    "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
    "REDUNDANT_ACTION",
    "REDUNDANT_RESOURCE",
    "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
}
"""Codes of which ten or more of AWS's answers are known; `test_oracle.py` counts them."""


def test_every_other_rule_says_on_what_it_rests() -> None:
    silent = {
        code
        for code, check in load_checks().items()
        if not code.startswith(OWN_PREFIX) and check.answers is None
    }
    assert silent == WITH_MANY_ANSWERS
