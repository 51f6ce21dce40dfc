"""Our findings on AWS's own policies are those that IAM Access Analyzer has on them.

What differs stands in `oracle_differences.toml`, each with its cause; nothing else may differ.
"""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from scripts.compare_findings import Comparison, Row, compare, of_code, row

from revet.iam.validate.catalog import load_checks
from revet.iam.validate.finding import OWN_PREFIX

ORACLES = os.environ.get("REVET_ORACLES")
FOLDER = Path(ORACLES or "") / "access_analyzer"
DIFFERENCES = Path(__file__).with_name("oracle_differences.toml")
ENOUGH = 10
LEAST = 0.98

pytestmark = pytest.mark.skipif(
    not ORACLES, reason="REVET_ORACLES is not set: not compared with Access Analyzer"
)


@cache
def compared() -> Comparison:
    """AWS's findings and ours."""
    return compare(FOLDER)


def by_code() -> dict[str, Row]:
    """The figures of each code that AWS has."""
    codes = {one.code for one in compared().theirs}
    return {code: row(compared(), of_code(code)) for code in codes}


def test_precision_and_recall_of_every_code_with_enough_examples() -> None:
    judged = {code: figures for code, figures in by_code().items() if figures.theirs >= ENOUGH}
    assert judged
    low = {
        code: (figures.precision, figures.recall)
        for code, figures in judged.items()
        if min(figures.precision or 0, figures.recall or 0) < LEAST
    }
    assert low == {}


def test_nothing_differs_but_what_is_listed_with_its_cause() -> None:
    theirs, ours = compared().theirs, compared().ours
    differ = Counter(("aws", one.policy, one.code, one.paths) for one in (theirs - ours).elements())
    differ.update(("revet", one.policy, one.code, one.paths) for one in (ours - theirs).elements())
    listed: Counter[tuple[str, str, str, tuple[str, ...]]] = Counter()
    for entry in tomllib.loads(DIFFERENCES.read_text(encoding="utf-8")).get("difference", []):
        assert set(entry) == {"only", "policy", "code", "at", "cause"}, entry
        assert entry["cause"].strip(), entry
        listed[entry["only"], entry["policy"], entry["code"], tuple(entry["at"])] += 1
    assert differ == listed


def test_a_rule_with_few_answers_says_on_what_it_rests() -> None:
    """The declarations have the numbers of this folder; None where it has ten answers or more."""
    answers = Counter({code: figures.theirs for code, figures in by_code().items()})
    said = {
        code: check.answers
        for code, check in load_checks().items()
        if not code.startswith(OWN_PREFIX)
    }
    assert said == {code: answers[code] if answers[code] < ENOUGH else None for code in said}
