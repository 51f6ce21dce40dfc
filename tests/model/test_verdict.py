"""A verdict is never better than what it rests on, and survives the way through JSON."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revet.model.control import ControlMeta
from revet.model.finding import Finding, Origin, Severity, SourceLine, Status
from revet.model.requirement import Evidence, Judged, Requirement
from revet.model.verdict import Decision, Provenance, Verdict, Waiver

P = Provenance(stack="s", stage="check")
ROW = Requirement("T-01", "text", (Judged.PLAN, Judged.LIVE))
TEXT = st.text(max_size=8)
FINDINGS = st.builds(
    Finding,
    control=TEXT,
    address=TEXT,
    status=st.sampled_from(Status),
    severity=st.sampled_from(Severity),
    implemented=TEXT,
    paths=st.tuples(TEXT),
    source=st.none() | st.builds(SourceLine, TEXT, st.integers(1, 99)),
)
EVIDENCE = st.builds(
    Evidence, st.just("T-01"), st.sampled_from(Judged), TEXT, TEXT, st.sampled_from(Status),
    st.sampled_from(Origin),
)  # fmt: skip
WAIVERS = st.builds(Waiver, TEXT, TEXT, TEXT, TEXT, st.dates())


@given(
    st.lists(FINDINGS, max_size=4), st.lists(EVIDENCE, max_size=4), st.lists(WAIVERS, max_size=2)
)
def test_json_round_trip(
    findings: list[Finding], evidence: list[Evidence], waivers: list[Waiver]
) -> None:
    control = ControlMeta(
        "a-b", "t", Severity.LOW, "r", "i", "f", resources=("x",), settings={"n": 1}
    )
    verdict = Verdict(
        P, tuple(findings), (ROW,), tuple(evidence), (control,), unused=tuple(waivers),
        expects=(Judged.PLAN,),
    )  # fmt: skip
    text = json.dumps(verdict.as_dict())
    assert Verdict.from_dict(json.loads(text)) == verdict
    assert json.dumps(Verdict.from_dict(json.loads(text)).as_dict()) == text


def finding(status: Status, severity: Severity = Severity.HIGH) -> Finding:
    return Finding("c-d", "aws_x.y", status, severity)


@pytest.mark.parametrize(
    ("status", "decision"),
    [
        (Status.PASS, Decision.ALLOWED),
        (Status.WAIVED, Decision.ALLOWED),
        (Status.FAIL, Decision.BLOCKED),
        (Status.UNKNOWN, Decision.BLOCKED),
    ],
)
def test_a_finding_decides(status: Status, decision: Decision) -> None:
    assert Verdict(P, (finding(status),)).decision is decision


def test_a_severity_that_does_not_block_is_still_counted() -> None:
    verdict = Verdict(P, (finding(Status.FAIL, Severity.LOW),), fail_on=(Severity.HIGH,))
    assert verdict.decision is Decision.ALLOWED
    assert verdict.counts[Status.FAIL] == 1


def test_a_problem_outweighs_everything() -> None:
    verdict = Verdict(P, (finding(Status.FAIL),), problems=("rule crashed",))
    assert verdict.decision is Decision.UNDECIDED
    assert verdict.decision.exit_code == 2


def test_an_expected_way_without_evidence_blocks() -> None:
    verdict = Verdict(P, (), (ROW,), expects=(Judged.PLAN,))
    assert verdict.blockers == ("T-01: nothing in scope for plan",)


def test_a_way_that_is_not_expected_yet_does_not_block() -> None:
    item = Evidence("T-01", Judged.PLAN, "c-d", "aws_x.y", Status.PASS, Origin.PLAN)
    assert Verdict(P, (), (ROW,), (item,), expects=(Judged.PLAN,)).decision is Decision.ALLOWED


@pytest.mark.parametrize("status", [Status.FAIL, Status.UNKNOWN])
def test_live_evidence_blocks(status: Status) -> None:
    item = Evidence("T-01", Judged.LIVE, "c-d", "arn", status, Origin.EMULATED)
    verdict = Verdict(P, (), (ROW,), (item,), expects=(Judged.LIVE,))
    assert verdict.decision is Decision.BLOCKED


DAY = dt.date(2026, 5, 1)


@pytest.mark.parametrize(
    ("change", "covers"),
    [
        ({}, True),
        ({"address": "*"}, True),
        ({"expires": DAY}, True),
        ({"expires": DAY - dt.timedelta(days=1)}, False),
        ({"control": "c-e"}, False),
        ({"address": "aws_x.z"}, False),
        ({"fingerprint": finding(Status.FAIL).fingerprint}, True),
        ({"fingerprint": "0" * 16}, False),
    ],
)
def test_waiver_covers(change: dict[str, str], covers: bool) -> None:  # noqa: FBT001 - a table
    fields = {"control": "c-d", "address": "aws_x.y", "reason": "r", "owner": "o", "expires": DAY}
    assert Waiver(**{**fields, **change}).covers(finding(Status.FAIL), DAY) is covers  # type: ignore[arg-type]
