from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from tests.report.poison import poisoned

from revet.model.finding import Finding, Origin, Severity, SourceLine, Status
from revet.model.requirement import Judged, Requirement
from revet.model.verdict import Provenance, Verdict
from revet.report import render_sarif, sarif
from revet.report.sarif import MOST_TAGS

SCHEMA = Path(__file__).parent / "data" / "sarif-schema-2.1.0.json"


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft4Validator.check_schema(schema)
    return Draft4Validator(schema)


def read(verdict: Verdict) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(render_sarif(verdict))
    [run] = document["runs"]
    return dict(run)


def of(*findings: Finding, **more: Any) -> Verdict:  # noqa: ANN401 - fields of a verdict
    return Verdict(Provenance("tap", "check"), findings, **more)


def one(status: Status, severity: Severity = Severity.HIGH, **more: Any) -> Finding:  # noqa: ANN401 - fields of a finding
    return Finding("s3-bucket-versioning", "aws_s3_bucket.a", status, severity, **more)


@pytest.mark.parametrize("text", ["", "x", '<b>"\x00\ud800\n`|`', "../a b/ä.py", "/a/b.py"])
def test_it_is_valid_by_the_schema_of_oasis(
    verdict: Verdict, audit: Verdict, validator: Draft4Validator, text: str
) -> None:
    for item in (
        verdict,
        audit,
        poisoned(verdict, text),
        replace(verdict, problems=("the plan is empty",)),
        of(),
    ):
        item = replace(item, provenance=replace(item.provenance, time=""))  # noqa: PLW2901 - made whole
        errors = [
            f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
            for error in validator.iter_errors(json.loads(render_sarif(item)))
        ]
        assert errors == []


def test_the_schema_would_refuse_what_is_wrong(
    verdict: Verdict, validator: Draft4Validator
) -> None:
    for key, value in (("level", "severe"), ("kind", "unknown"), ("ruleIndex", -2), ("why", "")):
        document = json.loads(render_sarif(verdict))
        document["runs"][0]["results"][0][key] = value
        assert not validator.is_valid(document), key


@pytest.mark.parametrize(
    ("status", "kind", "level"),
    [
        (Status.FAIL, "fail", "error"),
        (Status.UNKNOWN, "open", "none"),
        (Status.WAIVED, "fail", "error"),
        (Status.NOT_EXERCISED, "notApplicable", "none"),
        (Status.PASS, "pass", "none"),
    ],
)
def test_kind_and_level_follow_the_standard(status: Status, kind: str, level: str) -> None:
    [result] = read(of(one(status)))["results"]
    assert (result["kind"], result["level"]) == (kind, level)
    assert ("suppressions" in result) is (status is Status.WAIVED)


def test_every_finding_is_a_result_of_its_rule_worst_first(verdict: Verdict) -> None:
    run = read(verdict)
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(verdict.findings)
    assert [rule["id"] for rule in rules] == [control.id for control in verdict.controls]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    statuses = [result["properties"]["status"] for result in run["results"]]
    assert statuses[0] == "fail"
    assert statuses[-1] == "pass"


def test_a_rule_says_what_code_scanning_shows(verdict: Verdict) -> None:
    rules = {rule["id"]: rule for rule in read(verdict)["tool"]["driver"]["rules"]}
    rule = rules["rds-instance-private"]
    assert rule["shortDescription"]["text"] == "databases are not reachable from the internet"
    assert "anybody on the internet can try passwords" in rule["fullDescription"]["text"]
    assert "publicly_accessible = false" in rule["help"]["markdown"]
    assert "TAP-07" in rule["properties"]["tags"]
    bands = {rule["id"]: float(rule["properties"]["security-severity"]) for rule in rules.values()}
    assert bands["rds-instance-private"] > 9.0
    assert 7.0 <= bands["s3-bucket-versioning"] <= 8.9
    assert 4.0 <= bands["logs-group-encrypted"] <= 6.9
    assert 0.1 <= bands["s3-bucket-lifecycle"] <= 3.9


def test_a_rule_has_few_tags_whatever_asks_for_it() -> None:
    rows = tuple(
        Requirement(f"R-{number}", "x", (Judged.PLAN,), controls=("s3-bucket-versioning",))
        for number in range(30)
    )
    [rule] = read(of(one(Status.FAIL), requirements=rows))["tool"]["driver"]["rules"]
    assert len(rule["properties"]["tags"]) == MOST_TAGS
    assert rule["properties"]["tags"][0] == "security"


def test_a_result_lies_at_the_line_and_the_construct_never_in_the_plan(verdict: Verdict) -> None:
    run = read(verdict)
    first = run["results"][0]
    [location] = first["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "lib/tap_stack.py", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 88},
    }
    assert location["logicalLocations"] == [
        {"fullyQualifiedName": "tap/database/db", "kind": "construct"},
        {"fullyQualifiedName": "aws_db_instance.db", "kind": "resource"},
    ]
    related = [item["logicalLocations"][0] for item in first["relatedLocations"]]
    assert [item["fullyQualifiedName"] for item in related] == [
        "aws_db_subnet_group.db",
        "aws_subnet.private[0]",
    ]
    live = run["results"][1]
    assert live["properties"]["origin"] == "emulated"
    assert live["locations"] == first["locations"], "of the same resource, so at the same line"
    [waived] = [item for item in run["results"] if "suppressions" in item]
    assert waived["locations"][0]["physicalLocation"]["region"] == {"startLine": 140}
    logs = run["results"][3]["locations"]
    assert "physicalLocation" not in logs[0], "nobody knows the line"
    assert logs[0]["logicalLocations"][1]["fullyQualifiedName"] == "aws_s3_bucket.logs"
    assert "plan.json" not in render_sarif(verdict)


@pytest.mark.parametrize(
    ("file", "artifact"),
    [
        ("a b/ä.py", {"uri": "a%20b/%C3%A4.py", "uriBaseId": "SRCROOT"}),
        ("./a.py", {"uri": "a.py", "uriBaseId": "SRCROOT"}),
        ("/srv/a.py", {"uri": "file:///srv/a.py"}),
        ("../a.py", {"uri": "../a.py"}),
        ("lib\\a.py", {"uri": "lib/a.py", "uriBaseId": "SRCROOT"}),
    ],
)
def test_a_path_becomes_a_uri(file: str, artifact: dict[str, str]) -> None:
    [result] = read(of(one(Status.FAIL, source=SourceLine(file, 3))))["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == artifact
    assert physical["region"] == {"startLine": 3}


def test_fingerprints_are_stable_and_tell_plan_from_live() -> None:
    plan, live = one(Status.FAIL), one(Status.FAIL, origin=Origin.EMULATED, implemented="x")
    prints = [item["partialFingerprints"] for item in read(of(plan, live))["results"]]
    assert prints[0] != prints[1]
    changed = replace(plan, implemented="other words", severity=Severity.LOW)
    [again] = read(of(changed))["results"]
    assert again["partialFingerprints"] == prints[0]
    assert plan.fingerprint in prints[0]["revetFinding/v1"]


def test_a_result_says_its_account_and_region(audit: Verdict) -> None:
    [run] = json.loads(render_sarif(audit))["runs"]
    found = {
        (one["properties"]["account"], one["properties"].get("region", ""))
        for one in run["results"]
    }
    assert found == {(one.account, one.region) for one in audit.findings}
    accounts = run["properties"]["accounts"]
    assert [one["account"] for one in accounts] == [
        one.account for one in audit.provenance.accounts
    ]


def test_a_waived_finding_is_suppressed_with_its_reason(verdict: Verdict) -> None:
    [waived] = [item for item in read(verdict)["results"] if "suppressions" in item]
    [suppression] = waived["suppressions"]
    assert suppression["kind"] == "external"
    assert "OPS-12" in suppression["justification"]


def test_problems_are_notifications_and_the_run_was_no_success(verdict: Verdict) -> None:
    [good] = read(verdict)["invocations"]
    assert good["executionSuccessful"]
    assert good["exitCode"] == 1
    assert {item["descriptor"]["id"] for item in good["toolConfigurationNotifications"]} == {
        "expired-waiver",
        "unused-waiver",
    }
    [bad] = read(replace(verdict, problems=("a rule crashed",)))["invocations"]
    assert not bad["executionSuccessful"]
    assert bad["exitCode"] == 2
    assert "a rule crashed" in [
        item["message"]["text"] for item in bad["toolExecutionNotifications"]
    ]


def test_the_run_says_what_it_rests_on(verdict: Verdict) -> None:
    properties = read(verdict)["properties"]
    assert properties["planHash"] == verdict.provenance.plan_hash
    assert properties["synthesisHash"] == verdict.provenance.synthesis_hash
    assert properties["versions"] == dict(verdict.provenance.versions)
    assert properties["requirements"]["TAP-04"] == {"C": "pass", "P": "fail", "L": "unknown"}
    assert properties["blockersInAll"] == len(verdict.blockers)


def test_of_too_many_findings_the_worst_are_kept_and_the_rest_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sarif.MOST_RESULTS == 25_000
    monkeypatch.setattr(sarif, "MOST_RESULTS", 20)
    passes = [
        replace(one(Status.PASS), address=f"aws_s3_bucket.a[{number}]") for number in range(30)
    ]
    bad = replace(one(Status.FAIL), address="aws_s3_bucket.z")
    run = read(of(*passes, bad))
    assert len(run["results"]) == 20
    assert run["results"][0]["message"]["text"].startswith("aws_s3_bucket.z: ")
    assert run["properties"]["leftOut"] == 11
    [told] = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("11 of 31 findings are left out")
