"""The verdicts on a plan and on what it has made, in one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from revet.model.control import ControlMeta
from revet.model.finding import Finding, Origin, Severity, Status
from revet.model.requirement import Evidence, Judged, Requirement
from revet.model.verdict import Decision, Provenance, Verdict, Waiver
from revet.rehearsal.assembly import with_live

Types = Mapping[str, tuple[str, ...]]
TOPIC: Types = {"aws_sns_topic": ("aws_sns_topic.a", "aws_sns_topic.b")}
GROUP: Types = {"aws_iam_group": ("aws_iam_group.g",)}
BY_HAND: Types = {"aws_iam_group": ('aws_iam_group.account["g"]',)}
PLANNED = ("aws_sns_topic.a", "aws_sns_topic.b", "aws_iam_group.g")
GATE = Verdict(Provenance("tap", "rehearse", notes={"deletes": "1"}), not_looked_at={})
LIVE = Verdict(Provenance("tap", "verify", notes={"read": "9 calls"}), not_looked_at={})


@pytest.mark.parametrize(
    ("gate", "live", "left"),
    [
        ({}, {}, {}),
        (TOPIC, {}, {}),
        ({}, TOPIC, {}),
        (TOPIC, {**TOPIC, **GROUP}, TOPIC),
        ({**TOPIC, **GROUP}, TOPIC, TOPIC),
        (TOPIC, {"aws_sns_topic": ("aws_sns_topic.b",)}, {"aws_sns_topic": ("aws_sns_topic.b",)}),
        ({}, BY_HAND, BY_HAND),
    ],
)
def test_what_neither_looked_at(gate: Types, live: Types, left: Types) -> None:
    """Nor what the plan does not have."""
    both = with_live(replace(GATE, not_looked_at=gate), replace(LIVE, not_looked_at=live), PLANNED)
    assert both.not_looked_at == left


def finding(status: Status, origin: Origin) -> Finding:
    return Finding("s3-x", "aws_s3_bucket.data", status, Severity.HIGH, origin=origin)


def test_findings_notes_and_problems_of_both() -> None:
    gate = replace(GATE, findings=(finding(Status.PASS, Origin.PLAN),))
    idle = finding(Status.NOT_EXERCISED, Origin.EMULATED)
    live = replace(
        LIVE, findings=(finding(Status.UNKNOWN, Origin.EMULATED), idle), problems=("a crash",)
    )
    both = with_live(gate, live, PLANNED)
    assert [(item.status, item.origin) for item in both.findings] == [
        (Status.UNKNOWN, Origin.EMULATED),
        (Status.PASS, Origin.PLAN),
    ]
    assert both.decision is Decision.UNDECIDED
    assert replace(both, problems=()).decision is Decision.BLOCKED
    assert both.provenance.notes == {"deletes": "1", "read": "9 calls"}


def test_what_is_not_exercised_live_is_no_finding_and_no_evidence_either() -> None:
    rows = (Requirement("R-1", "text", (Judged.PLAN, Judged.LIVE), (), ("s3-x",)),)
    before = Evidence("R-1", Judged.PLAN, "s3-x", "a", Status.PASS, Origin.PLAN)
    after = Evidence("R-1", Judged.LIVE, "s3-x", "", Status.NOT_EXERCISED, Origin.EMULATED)
    gate = replace(GATE, requirements=rows, evidence=(before,), expects=(Judged.PLAN,))
    live = replace(LIVE, requirements=rows, evidence=(after,), expects=(Judged.LIVE,))
    both = with_live(gate, live, PLANNED)
    assert both.expects == (Judged.PLAN, Judged.LIVE)
    assert both.blockers == ("R-1: nothing in scope for live",)


def test_a_waiver_is_unused_when_neither_uses_it() -> None:
    one, other = (Waiver(name, "*", "r", "me", dt.date(2030, 1, 1)) for name in ("a", "b"))
    gate = replace(GATE, unused=(one, other), expired=(one,))
    both = with_live(gate, replace(LIVE, unused=(other,), expired=(one, other)), PLANNED)
    assert (both.unused, both.expired) == ((other,), (one, other))


def test_each_control_is_described_once() -> None:
    metas = [ControlMeta(name, "t", Severity.HIGH, "r", "i", "f") for name in ("a", "b")]
    gate = replace(GATE, controls=(metas[0],))
    both = with_live(gate, replace(LIVE, controls=tuple(metas)), PLANNED)
    assert [meta.id for meta in both.controls] == ["a", "b"]
