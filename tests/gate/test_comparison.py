from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from revet.gate.comparison import compare
from revet.model.control import ControlMeta
from revet.model.finding import Change, Finding, Origin, Severity, Status
from revet.model.requirement import Evidence, Judged, Requirement
from revet.model.verdict import Provenance, Verdict

CASES = tomllib.loads((Path(__file__).parent / "comparison.toml").read_text("utf-8"))["case"]
CONTROL = ControlMeta("s3-bucket-versioning", "t", Severity.HIGH, "r", "i", "f")


def finding(status: str, address: str = "aws_s3_bucket.a", **more: Any) -> Finding:  # noqa: ANN401 - fields of a finding
    return replace(Finding(CONTROL.id, address, Status(status), Severity.HIGH), **more)


def verdict(*findings: Finding, **more: Any) -> Verdict:  # noqa: ANN401 - fields of a verdict
    return Verdict(Provenance("tap", "check"), findings, controls=(CONTROL,), **more)


def compared(now: Verdict, before: Verdict, *, fail_on_new: bool = False) -> Verdict:
    return replace(now, comparison=compare(now, before, fail_on_new=fail_on_new))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    other = finding("pass", "aws_s3_bucket.other")
    before = verdict(other, *map(finding, case["before"]))
    now = verdict(other, *map(finding, case["now"]))
    shown = compare(now, before)
    expected = [case["change"]] if "change" in case else []
    assert [item.change.value for item in shown.changes] == expected
    assert [item.note for item in shown.changes if item.note] == (
        [case["note"]] if "note" in case else []
    )
    plain, strict = compared(now, before), compared(now, before, fail_on_new=True)
    assert plain.blockers == now.blockers, "a comparison alone changes no decision"
    assert bool(strict.blockers) is case.get("blocks_with_fail_on_new", False)
    assert set(strict.blockers) <= set(now.blockers)


def test_the_cases_cover_every_change() -> None:
    assert {case["change"] for case in CASES if "change" in case} == set(Change)


def test_a_control_that_does_not_run_any_more_fixes_nothing() -> None:
    before = verdict(replace(finding("fail"), control="s3-bucket-acl"))
    [item] = compare(verdict(finding("pass")), before).changes
    assert (item.change, item.note) == (Change.GONE, "the control does not run any more")


def test_what_is_not_looked_at_now_is_not_gone_but_said_not_to_be_compared() -> None:
    live = finding("fail", origin=Origin.EMULATED)
    shown = compare(verdict(finding("pass")), verdict(finding("fail"), live))
    assert [item.change for item in shown.changes] == [Change.FIXED]
    assert "1 earlier finding of origin `emulated` not compared" in shown.notes[0]


def test_plan_and_live_are_compared_each_for_itself() -> None:
    plan, live = finding("fail"), finding("fail", origin=Origin.EMULATED)
    shown = compare(verdict(plan, live), verdict(plan))
    assert [(item.change, item.origin) for item in shown.changes] == [
        (Change.NEW, Origin.EMULATED),
        (Change.UNCHANGED, Origin.PLAN),
    ]


def test_another_stack_and_an_undecided_verdict_are_pointed_out() -> None:
    before = replace(verdict(problems=("crash",)), provenance=Provenance("other", "check"))
    notes = " ".join(compare(verdict(finding("pass")), before).notes)
    assert "`other`" in notes
    assert "undecided" in notes


def test_order_of_findings_does_not_matter() -> None:
    one = [finding(status, f"a.{number}") for number, status in enumerate(Status)]
    two = [finding("fail", f"a.{number}") for number in range(2, 9)]
    expected = compare(verdict(*one), verdict(*two))
    shuffled = random.Random(3)  # noqa: S311 - a fixed order, no secret
    for _ in range(5):
        shuffled.shuffle(one)
        shuffled.shuffle(two)
        assert compare(verdict(*one), verdict(*two)) == expected


def test_a_verdict_beside_itself_has_nothing_new() -> None:
    same = verdict(*(finding(status, f"a.{number}") for number, status in enumerate(Status)))
    assert {item.change for item in compare(same, same).changes} == {Change.UNCHANGED}


def test_a_known_failed_live_check_of_a_requirement_does_not_block_but_a_proof_does() -> None:
    live = finding("fail", origin=Origin.EMULATED)
    row = Requirement("T-1", "x", (Judged.PROOF, Judged.LIVE), controls=(CONTROL.id,))
    seen = Evidence("T-1", Judged.LIVE, live.control, live.address, live.status, live.origin)
    proof = Evidence("T-1", Judged.PROOF, "nobody-reads", "a", Status.PASS, Origin.PLAN)
    now = verdict(
        live, requirements=(row,), evidence=(seen, proof), expects=(Judged.PROOF, Judged.LIVE)
    )
    assert len(now.blockers) == 2
    assert compared(now, now, fail_on_new=True).decision == "allowed"
    failed = replace(now, evidence=(seen, replace(proof, status=Status.FAIL)))
    assert compared(failed, failed, fail_on_new=True).decision == "blocked"
    nothing = replace(now, evidence=(seen,))
    assert compared(nothing, nothing, fail_on_new=True).decision == "blocked"


def test_problems_leave_it_undecided_whatever_was_known() -> None:
    now = verdict(finding("fail"), problems=("crash",))
    assert compared(now, now, fail_on_new=True).decision == "undecided"
