"""OSCAL: NIST's models as compliance-trestle has them read it, and it says no more than we do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from tests.report.poison import poisoned
from trestle.oscal import OSCAL_VERSION
from trestle.oscal.assessment_results import AssessmentResults

from revet.gate.frameworks import load_frameworks
from revet.model.framework import RowStatus, framework_results
from revet.model.verdict import Provenance, Verdict
from revet.report import render_oscal
from revet.report.oscal import OSCAL

ROOT = "assessment-results"


def rendered(verdict: Verdict) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(render_oscal(verdict))
    assert list(data) == [ROOT]
    found: dict[str, Any] = data[ROOT]
    return found


def states(result: dict[str, Any]) -> dict[str, str]:
    targets = (finding["target"] for finding in result.get("findings", []))
    return {target["target-id"]: target["status"]["state"] for target in targets}


def identifiers(data: object) -> list[str]:
    """Every UUID that names something, in any depth."""
    if isinstance(data, list):
        return [name for item in data for name in identifiers(item)]
    if not isinstance(data, dict):
        return []
    own = [data["uuid"]] if "uuid" in data else []
    return own + [name for item in data.values() for name in identifiers(item)]


def references(data: object) -> list[str]:
    if isinstance(data, list):
        return [name for item in data for name in references(item)]
    if not isinstance(data, dict):
        return []
    own = [value for key, value in data.items() if key.endswith("-uuid")]
    return own + [name for item in data.values() for name in references(item)]


def corpus(verdict: Verdict, audit: Verdict) -> dict[str, Verdict]:
    return {
        "framework": verdict,
        "requirements": replace(verdict, frameworks=()),
        "controls alone": replace(verdict, frameworks=(), requirements=(), evidence=()),
        "all frameworks": replace(verdict, frameworks=load_frameworks()),
        "audit": audit,
        "undecided": replace(verdict, problems=("a rule crashed",)),
        "empty": Verdict(Provenance("plan.json", "check")),
        "nothing looked at": replace(
            verdict, findings=(), controls=(), frameworks=load_frameworks()
        ),
        "odd text": poisoned(verdict, " \x00 a\nb \u202e "),
        "no text": poisoned(verdict, ""),
    }


NAMES = [
    "framework", "requirements", "controls alone", "all frameworks", "audit", "undecided",
    "empty", "nothing looked at", "odd text", "no text",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_models_of_nist_read_it(name: str, verdict: Verdict, audit: Verdict) -> None:
    data = rendered(corpus(verdict, audit)[name])
    read = AssessmentResults.parse_obj(data)
    assert str(read.uuid) == data["uuid"]
    assert len(read.results) == len(data["results"])
    assert OSCAL == OSCAL_VERSION


@pytest.mark.parametrize("name", NAMES)
def test_each_uuid_names_one_thing_and_follows_from_the_verdict(
    name: str, verdict: Verdict, audit: Verdict
) -> None:
    one = corpus(verdict, audit)[name]
    data = rendered(one)
    found = identifiers(data)
    assert len(found) == len(set(found))
    assert {UUID(item).version for item in found} == {5}
    assert set(references(data)) <= set(found)
    assert data["import-ap"]["href"].removeprefix("#") in found
    other = rendered(replace(one, problems=("something else",)))
    assert not set(found) & set(identifiers(other))


def test_satisfied_is_what_is_supported_and_nothing_else(verdict: Verdict) -> None:
    full = replace(verdict, frameworks=(*verdict.frameworks, *load_frameworks()))
    for item, result in zip(framework_results(full), rendered(full)["results"], strict=True):
        said = states(result)
        rows = {row.row.id: row for row in item.rows if row.evidence}
        assert len(said) == len(rows)
        supported = sum(row.status is RowStatus.SUPPORTED for row in rows.values())
        assert list(said.values()).count("satisfied") == supported
        for row in item.rows:
            if not row.evidence:
                assert row.row.id in result["remarks"]


def test_rows_point_at_the_findings_of_their_controls(verdict: Verdict) -> None:
    [result] = rendered(verdict)["results"]
    seen = {item["uuid"]: item for item in result["observations"]}
    [first] = [one for one in result["findings"] if one["target"]["target-id"] == "example-1.1"]
    found = [seen[one["observation-uuid"]] for one in first["related-observations"]]
    said = [{one["name"]: one["value"] for one in item["props"]} for item in found]
    assert {one["source"] for one in said} == {"rds-instance-private"}
    assert {one["origin"] for one in said} == {"plan", "emulated"}
    assert first["target"]["status"]["state"] == "not-satisfied"


def test_requirements_are_the_rows_where_no_framework_is_asked_for(verdict: Verdict) -> None:
    [result] = rendered(replace(verdict, frameworks=()))["results"]
    assert states(result) == {
        row.requirement.id: "satisfied" if row.status == "pass" else "not-satisfied"
        for row in verdict.matrix
    }
    methods = {item["methods"][0] for item in result["observations"]}
    assert methods == {"EXAMINE", "TEST"}


def test_an_undecided_verdict_satisfies_nothing(verdict: Verdict) -> None:
    full = replace(verdict, problems=("a rule crashed",), frameworks=load_frameworks())
    for result in rendered(full)["results"]:
        assert "satisfied" not in states(result).values()
        assert "a rule crashed" in result["remarks"]


def test_a_verdict_without_a_time_says_so(verdict: Verdict) -> None:
    timeless = replace(verdict, provenance=replace(verdict.provenance, time=""))
    assert "says no time" in rendered(timeless)["metadata"]["remarks"]
    assert "says no time" not in rendered(verdict)["metadata"]["remarks"]
