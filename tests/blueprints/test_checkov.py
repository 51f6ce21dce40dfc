"""Whatever Checkov says against a blueprint is answered, and every answer is to something."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from scripts.update_checkov import BLUEPRINTS, FAILURES, TOOLS, Failures, failures_of
from scripts.update_docs_checkov import answers

from peers import CHECKOV

ANSWERS = answers()
PROGRAM = TOOLS / "peers" / CHECKOV / "bin" / "checkov"


def unanswered(failures: Failures) -> list[tuple[str, str, str]]:
    """Blueprint, check and address of what no answer is about."""
    return [
        (blueprint, check, address)
        for blueprint, checks in failures.items()
        for check, addresses in checks.items()
        for address in addresses
        if not any(
            (answer["blueprint"], answer["check"]) == (blueprint, check)
            and any(fnmatchcase(address, one) for one in answer["resources"])
            for answer in ANSWERS
        )
    ]


def stale(failures: Failures) -> list[tuple[str, str, str]]:
    """Blueprint, check and pattern of each answer to what does not fail."""
    return [
        (answer["blueprint"], answer["check"], pattern)
        for answer in ANSWERS
        for pattern in answer["resources"]
        if not any(
            fnmatchcase(address, pattern)
            for address in failures.get(answer["blueprint"], {}).get(answer["check"], ())
        )
    ]


@pytest.fixture(scope="module")
def stored() -> Failures:
    found: Failures = json.loads(FAILURES.read_text("utf-8"))
    return found


def test_every_blueprint_was_asked_about(stored: Failures) -> None:
    assert tuple(stored) == BLUEPRINTS


def test_every_failure_is_answered(stored: Failures) -> None:
    assert unanswered(stored) == []


def test_no_answer_is_stale(stored: Failures) -> None:
    assert stale(stored) == []


def test_a_failure_more_is_noticed(stored: Failures) -> None:
    more = {**stored, "tap": {**stored["tap"], "CKV_AWS_18": ["aws_s3_bucket.data"]}}

    assert unanswered(more) == [("tap", "CKV_AWS_18", "aws_s3_bucket.data")]


def test_an_answer_that_is_not_needed_any_more_is_noticed(stored: Failures) -> None:
    less = {check: found for check, found in stored["tap"].items() if check != "CKV_AWS_157"}

    assert stale({**stored, "tap": less}) == [("tap", "CKV_AWS_157", "aws_db_instance.database_*")]


def test_every_answer_says_what_it_answers() -> None:
    for answer in ANSWERS:
        assert answer.keys() == {"check", "asks", "blueprint", "resources", "reason"}
        assert answer["asks"].strip()
        assert answer["reason"].strip()
        assert answer["resources"]


@pytest.mark.embedded
@pytest.mark.slow
@pytest.mark.skipif(
    not PROGRAM.exists(), reason=f"{CHECKOV} is not installed: `scripts/update_checkov.py`"
)
def test_checkov_says_what_it_said(stored: Failures, tmp_path: Path) -> None:
    assert failures_of(PROGRAM, tmp_path) == stored
