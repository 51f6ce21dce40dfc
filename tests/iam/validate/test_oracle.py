"""Our findings on AWS's own policies are those that IAM Access Analyzer has on them.

What differs stands in `oracle_differences.toml`, each with its cause; nothing else may differ.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from revet.iam.validate import validate_policy
from revet.iam.validate.finding import OWN_PREFIX

ORACLES = os.environ.get("REVET_ORACLES")
FOLDER = Path(ORACLES or "") / "access_analyzer"
DIFFERENCES = Path(__file__).with_name("oracle_differences.toml")
ENOUGH = 10
LEAST = 0.98

pytestmark = pytest.mark.skipif(
    not ORACLES, reason="REVET_ORACLES is not set: not compared with Access Analyzer"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding on one policy; `locations` holds all paths and spans as JSON."""

    policy: str
    code: str
    level: str
    locations: str

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths alone, a step a slash."""
        return tuple(
            "/".join(str(value) for step in location["path"] for value in step.values())
            for location in json.loads(self.locations)
        )


def found(policy: str, finding: dict[str, Any]) -> Found:
    """Read a finding in Access Analyzer's JSON form."""
    locations = json.dumps(finding["locations"], sort_keys=True)
    return Found(policy, finding["issueCode"], finding["findingType"], locations)


@cache
def findings() -> tuple[Counter[Found], Counter[Found]]:
    """AWS's findings and ours, without those of codes that AWS does not have."""
    theirs: Counter[Found] = Counter()
    ours: Counter[Found] = Counter()
    for path in sorted((FOLDER / "policies").glob("*.json")):
        answer = FOLDER / "findings" / path.name
        if answer.exists():
            theirs.update(found(path.stem, one) for one in json.loads(answer.read_bytes()))
        ours.update(
            found(path.stem, one.as_dict())
            for one in validate_policy(path.read_bytes(), "identity")
            if not one.code.startswith(OWN_PREFIX)
        )
    return theirs, ours


def by_code(counted: Counter[Found]) -> Counter[str]:
    """How many findings there are of each code."""
    codes: Counter[str] = Counter()
    for one, number in counted.items():
        codes[one.code] += number
    return codes


def test_precision_and_recall_of_every_code_with_enough_examples() -> None:
    theirs, ours = findings()
    expected, got, right = by_code(theirs), by_code(ours), by_code(theirs & ours)
    judged = [code for code, number in expected.items() if number >= ENOUGH]
    assert judged
    figures = {code: (right[code] / got[code], right[code] / expected[code]) for code in judged}
    assert {code: both for code, both in figures.items() if min(both) < LEAST} == {}


def test_nothing_differs_but_what_is_listed_with_its_cause() -> None:
    theirs, ours = findings()
    differ = Counter(("aws", one.policy, one.code, one.paths) for one in (theirs - ours).elements())
    differ.update(("revet", one.policy, one.code, one.paths) for one in (ours - theirs).elements())
    listed: Counter[tuple[str, str, str, tuple[str, ...]]] = Counter()
    for row in tomllib.loads(DIFFERENCES.read_text(encoding="utf-8")).get("difference", []):
        assert set(row) == {"only", "policy", "code", "at", "cause"}, row
        assert row["cause"].strip(), row
        listed[row["only"], row["policy"], row["code"], tuple(row["at"])] += 1
    assert differ == listed
