"""What a verdict says of the rows of a framework: never more than its findings do."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revet.model.control import ControlMeta
from revet.model.finding import Finding, Origin, Severity, Status
from revet.model.framework import Framework, FrameworkRow, RowStatus, framework_results
from revet.model.verdict import Provenance, Verdict

CASES = tomllib.loads((Path(__file__).parent / "frameworks.toml").read_text("utf-8"))["case"]
CONTROLS = ("a", "b", "c", "d")
SOME = st.lists(st.sampled_from(CONTROLS), unique=True).map(tuple)
FOUND = st.lists(
    st.builds(
        lambda control, status, address: finding(control, status, address=address),
        st.sampled_from(CONTROLS),
        st.sampled_from(Status),
        st.sampled_from(["x.one", "x.two", "x.three"]),
    ),
    max_size=8,
)
ROWS = st.lists(SOME, min_size=1, max_size=5)


def meta(name: str) -> ControlMeta:
    return ControlMeta(name, "t", Severity.LOW, "r", "i", "f", resources=("x",), settings={})


def finding(
    control: str, status: Status, origin: Origin = Origin.PLAN, address: str = "x.y"
) -> Finding:
    return Finding(control, address, status, Severity.LOW, origin=origin)


def framework(rows: list[tuple[str, ...]]) -> Framework:
    numbered = tuple(FrameworkRow(f"1.{n}", "title", row) for n, row in enumerate(rows))
    return Framework("f", "Framework", "1", "made up", numbered)


def verdict(
    rows: list[tuple[str, ...]],
    ran: tuple[str, ...],
    found: list[Finding],
    problems: tuple[str, ...] = (),
) -> Verdict:
    return Verdict(
        Provenance("s", "check"),
        tuple(found),
        controls=tuple(meta(name) for name in ran),
        problems=problems,
        frameworks=(framework(rows),),
    )


def statuses(judged: Verdict) -> list[RowStatus]:
    [one] = framework_results(judged)
    return [row.status for row in one.rows]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_case(case: dict[str, Any]) -> None:
    found = [
        finding(control, Status(status), Origin(*origin) if origin else Origin.PLAN)
        for control, status, *origin in case["found"]
    ]
    controls = tuple(case["controls"])
    judged = verdict([controls], tuple(case["ran"]), found, tuple(case.get("problems", ())))
    if "outside" in case:
        [asked] = judged.frameworks
        outside = replace(asked.rows[0], outside=case["outside"])
        judged = replace(judged, frameworks=(replace(asked, rows=(outside,)),))
    [one] = framework_results(judged)
    [row] = one.rows
    assert row.status == case["status"]
    assert row.not_run == tuple(case.get("not_run", ()))
    assert {answer.control for answer in row.evidence} == {*controls} - {*row.not_run}
    assert one.counts[row.status] == 1
    assert sum(one.counts.values()) == 1


def test_there_is_a_case_of_every_status() -> None:
    assert {case["status"] for case in CASES} == {status.value for status in RowStatus}


@given(ROWS, SOME, FOUND)
def test_a_failed_control_fails_each_of_its_rows(
    rows: list[tuple[str, ...]], ran: tuple[str, ...], found: list[Finding]
) -> None:
    failed = {item.control for item in found if item.status is Status.FAIL}
    for row, status in zip(rows, statuses(verdict(rows, ran, found)), strict=True):
        assert (status is RowStatus.FAILED) == bool(failed & {*row})


@given(ROWS, SOME, FOUND, st.integers(0, 7))
def test_hiding_a_value_supports_no_row(
    rows: list[tuple[str, ...]], ran: tuple[str, ...], found: list[Finding], hidden: int
) -> None:
    """What is not known any more is *unknown*; no row becomes supported by that."""
    before = statuses(verdict(rows, ran, found))
    less = [
        replace(item, status=Status.UNKNOWN) if number == hidden else item
        for number, item in enumerate(found)
    ]
    for was, now in zip(before, statuses(verdict(rows, ran, less)), strict=True):
        assert now is not RowStatus.SUPPORTED or was is RowStatus.SUPPORTED


@given(ROWS, SOME, FOUND, st.sampled_from(CONTROLS))
def test_leaving_out_a_control_supports_no_row(
    rows: list[tuple[str, ...]], ran: tuple[str, ...], found: list[Finding], left_out: str
) -> None:
    before = statuses(verdict(rows, ran, found))
    fewer = tuple(name for name in ran if name != left_out)
    rest = [item for item in found if item.control != left_out]
    for was, now in zip(before, statuses(verdict(rows, fewer, rest)), strict=True):
        assert now is not RowStatus.SUPPORTED or was is RowStatus.SUPPORTED


@given(ROWS, SOME, FOUND)
def test_an_undecided_verdict_supports_nothing(
    rows: list[tuple[str, ...]], ran: tuple[str, ...], found: list[Finding]
) -> None:
    undecided = {RowStatus.FAILED, RowStatus.UNKNOWN, RowStatus.NOT_LOOKED_AT}
    assert {*statuses(verdict(rows, ran, found, ("a rule crashed",)))} <= undecided


@given(ROWS, SOME, FOUND)
def test_supported_rests_on_a_pass_of_every_control(
    rows: list[tuple[str, ...]], ran: tuple[str, ...], found: list[Finding]
) -> None:
    for row, status in zip(rows, statuses(verdict(rows, ran, found)), strict=True):
        if status is RowStatus.SUPPORTED:
            said = {(item.control, item.status) for item in found if item.control in row}
            assert said == {(control, Status.PASS) for control in row}


@given(ROWS, SOME, FOUND, st.sampled_from([(), ("a rule crashed",)]))
def test_frameworks_decide_nothing_and_survive_json(
    rows: list[tuple[str, ...]],
    ran: tuple[str, ...],
    found: list[Finding],
    problems: tuple[str, ...],
) -> None:
    judged = verdict(rows, ran, found, problems)
    without = replace(judged, frameworks=())
    assert (judged.decision, judged.blockers) == (without.decision, without.blockers)
    data = judged.as_dict()
    plain = without.as_dict()
    assert {key: data[key] for key in plain if key != "digest"} == {
        key: plain[key] for key in plain if key != "digest"
    }
    assert "frameworks" not in plain
    assert Verdict.from_dict(json.loads(json.dumps(data))) == judged


def test_a_control_knows_its_rows() -> None:
    assert framework([("a", "b"), ("b",)]).controls == {"a": ("1.0",), "b": ("1.0", "1.1")}
