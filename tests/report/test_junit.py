from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from tests.report.poison import poisoned

from revet.model.finding import Finding, Origin, Severity, Status
from revet.model.requirement import Judged, Requirement
from revet.model.verdict import Provenance, Verdict
from revet.report import render_junit


def read(verdict: Verdict) -> ET.Element:
    return ET.fromstring(render_junit(verdict))  # noqa: S314 - our own text


def case(root: ET.Element, classname: str, name: str) -> ET.Element:
    [found] = [
        item
        for item in root.iter("testcase")
        if (item.get("classname"), item.get("name")) == (classname, name)
    ]
    return found


def one(status: Status, implemented: str = "", waiver: str = "") -> Verdict:
    finding = Finding(
        "s3-bucket-versioning",
        "aws_s3_bucket.a",
        status,
        Severity.HIGH,
        required="y",
        implemented=implemented,
        waiver=waiver,
    )
    return Verdict(Provenance("tap", "check"), (finding,))


@pytest.mark.parametrize(
    ("status", "tag", "kind"),
    [
        (Status.FAIL, "failure", "high"),
        (Status.UNKNOWN, "failure", "unknown"),
        (Status.WAIVED, "skipped", None),
        (Status.NOT_EXERCISED, "skipped", None),
        (Status.PASS, None, None),
    ],
)
def test_a_status_becomes_what_build_servers_know(
    status: Status, tag: str | None, kind: str | None
) -> None:
    root = read(one(status, implemented="`x`", waiver="ticket 12"))
    found = case(root, "s3-bucket-versioning", "aws_s3_bucket.a")
    assert [child.tag for child in found] == ([tag] if tag else [])
    if tag:
        assert found[0].get("type") == kind
    if status is Status.WAIVED:
        assert found[0].get("message") == "waived: ticket 12"


def test_every_finding_is_a_case_with_its_origin(verdict: Verdict) -> None:
    root = read(verdict)
    controls = {finding.control for finding in verdict.findings}
    cases = [item for item in root.iter("testcase") if item.get("classname") in controls]
    assert len(cases) == len(verdict.findings)
    live = case(root, "rds-instance-private", "aws_db_instance.db (emulated)")
    failure = live.find("failure")
    assert failure is not None
    assert "publicly_accessible = false" in str(failure.text)
    plan = case(root, "rds-instance-private", "aws_db_instance.db")
    assert (plan.get("file"), plan.get("line")) == ("lib/tap_stack.py", "88")


def test_numbers_add_up(verdict: Verdict) -> None:
    root = read(replace(verdict, problems=("a", "b")))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        number = len(list(root.iter(tag)))
        assert root.get(key) == str(number)
        assert sum(int(suite.get(key, "")) for suite in root) == number
    assert root.get("tests") == str(len(list(root.iter("testcase"))))
    assert root.get("errors") == "2"


def test_problems_are_errors_and_without_any_a_case_has_passed() -> None:
    root = read(Verdict(Provenance("tap", "check"), problems=("the plan is empty",)))
    [error] = root.iter("error")
    assert error.get("message") == "the plan is empty"
    root = read(Verdict(Provenance("tap", "check")))
    assert not list(root.iter("error"))
    assert root.get("tests") == "1"


def test_a_blocked_verdict_is_never_green(verdict: Verdict) -> None:
    """Requirements block too: without evidence, or by a proof, a live check or an attack."""
    rows = (Requirement("T-1", "logs", (Judged.PLAN, Judged.LIVE)),)
    nothing = Verdict(Provenance("tap", "check"), requirements=rows, expects=(Judged.PLAN,))
    assert nothing.decision == "blocked"
    root = read(nothing)
    assert [item.get("type") for item in root.iter("failure")] == ["not exercised"]
    assert [item.get("message") for item in root.iter("skipped")] == ["not looked at in this stage"]
    only = replace(verdict, findings=())
    assert only.decision == "blocked"
    assert list(read(only).iter("failure"))


def test_a_failure_that_does_not_block_says_so() -> None:
    verdict = replace(one(Status.FAIL, implemented="`x`"), fail_on=(Severity.CRITICAL,))
    [failure] = read(verdict).iter("failure")
    assert failure.get("message") == "`x` (does not block)"


@pytest.mark.parametrize(
    "text", ["\x00\x08\x1b[2J", "]]><a>&amp;\"'", "\ud800\ufffe\uffff", "a\r\nb\tc", "\u2028"]
)
def test_any_text_is_read_back_visible(verdict: Verdict, text: str) -> None:
    root = read(poisoned(verdict, text))
    assert len(list(root.iter("testcase"))) >= len(verdict.findings)
    assert {item.tag for item in root.iter()} <= {item.tag for item in read(verdict).iter()} | {
        "error"
    }


def test_origin_tells_two_cases_apart() -> None:
    plan = one(Status.FAIL).findings[0]
    live = replace(plan, origin=Origin.REAL)
    root = read(Verdict(Provenance("tap", "verify"), (plan, live)))
    assert case(root, plan.control, "aws_s3_bucket.a (real)") is not None
    assert case(root, plan.control, "aws_s3_bucket.a") is not None
