from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from revet.model.account_read import AccountRead, Reach
from revet.model.finding import Change, Origin, Severity, Status
from revet.model.requirement import Judged
from revet.model.verdict import Decision, Provenance, Verdict
from revet.report import render_json

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "verdict.schema.json"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def corpus(verdict: Verdict) -> Iterator[tuple[str, Verdict]]:
    """Verdicts that differ in one thing from the fixed one, over every status and every word."""
    yield "fixed", verdict
    yield "empty", Verdict(Provenance("plan.json", "check"))
    yield "undecided", replace(verdict, problems=("the plan is empty",))
    yield "not compared", replace(verdict, comparison=None)
    uncovered = replace(verdict.requirements[0], uncovered={"kms-key-alias": "no key is named"})
    yield "uncovered", replace(verdict, requirements=(uncovered, *verdict.requirements[1:]))
    for reach in Reach:
        read = AccountRead("1" * 12, "x", "arn", reach, "y", ("us-west-2",), 3, 1.5, ("s3:GetX",))
        accounts = replace(verdict.provenance, accounts=(read, AccountRead("2" * 12)))
        yield f"account {reach}", replace(verdict, provenance=accounts)
    assert verdict.comparison
    bare = replace(verdict, findings=(), evidence=(), requirements=(), controls=())
    for change, status in product(Change, (None, *Status)):
        moved = replace(verdict.comparison.changes[0], change=change, before=status, now=status)
        comparison = replace(verdict.comparison, changes=(moved,), fail_on_new=change == "new")
        yield f"{change} {status}", replace(bare, comparison=comparison)
    for status, severity in product(Status, Severity):
        finding = replace(verdict.findings[0], status=status, severity=severity)
        yield f"{status} {severity}", replace(verdict, findings=(finding,))
    for way, origin, status in product(Judged, Origin, Status):
        item = replace(verdict.evidence[0], judged=way, origin=origin, status=status)
        yield f"{way} {origin} {status}", replace(verdict, evidence=(item,))


def test_every_verdict_of_the_corpus_is_valid_and_is_read_back(
    verdict: Verdict, validator: Draft202012Validator
) -> None:
    decisions = set()
    for name, item in corpus(verdict):
        data = json.loads(render_json(item))
        errors = [f"{name}: {error.message}" for error in validator.iter_errors(data)]
        assert errors == []
        assert Verdict.from_dict(data) == item, name
        decisions.add(item.decision)
    assert decisions == set(Decision)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("decision",), "fine"),
        (("counts", "pass"), -1),
        (("findings", 0, "status"), "ok"),
        (("findings", 0, "fingerprint"), "short"),
        (("evidence", 0, "origin"), "imagined"),
        (("provenance", "plan_hash"), "abc"),
        (("provenance", "time"), "yesterday"),
        (("extra",), 1),
        (("comparison", "changes", 0, "change"), "better"),
        (("comparison", "changes", 0, "before"), "ok"),
        (("comparison", "counts", "new"), -1),
        (("comparison", "fail_on_new"), "yes"),
    ],
    ids=str,
)
def test_the_schema_refuses_what_is_wrong(
    verdict: Verdict, validator: Draft202012Validator, place: tuple[Any, ...], value: object
) -> None:
    data = json.loads(render_json(verdict))
    inner = data
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    assert not validator.is_valid(data)


def test_the_schema_knows_every_word_of_the_model(schema: dict[str, Any]) -> None:
    defs = schema["$defs"]
    assert set(defs["status"]["enum"]) == {status.value for status in Status}
    assert set(defs["severity"]["enum"]) == {severity.value for severity in Severity}
    assert set(defs["judged"]["enum"]) == {way.value for way in Judged}
    assert set(defs["change"]["enum"]) == {item.value for item in Change}
    assert set(defs["evidence"]["properties"]["origin"]["enum"]) == {item.value for item in Origin}


def test_a_verdict_from_before_comparisons_is_valid_and_read(
    verdict: Verdict, validator: Draft202012Validator
) -> None:
    data = json.loads(render_json(verdict))
    del data["comparison"]
    assert validator.is_valid(data)
    assert Verdict.from_dict(data) == replace(verdict, comparison=None)
