"""The matrix never shows more than its evidence."""

from __future__ import annotations

import itertools

import pytest

from revet.model.errors import ConfigError
from revet.model.finding import Origin, Status
from revet.model.requirement import Evidence, Judged, Requirement, RequirementSet, matrix, worst

ROW = Requirement("T-01", "text", (Judged.PLAN, Judged.LIVE))


def evidence(status: Status, judged: Judged = Judged.PLAN, requirement: str = "T-01") -> Evidence:
    return Evidence(requirement, judged, "control", "subject", status, Origin.PLAN)


def test_no_evidence_is_not_exercised() -> None:
    [row] = matrix([ROW], [])
    assert [cell.status for cell in row.cells] == [Status.NOT_EXERCISED, Status.NOT_EXERCISED]
    assert row.status is Status.NOT_EXERCISED


def test_a_row_is_as_good_as_its_worst_cell() -> None:
    [row] = matrix([ROW], [evidence(Status.PASS)])
    assert [cell.status for cell in row.cells] == [Status.PASS, Status.NOT_EXERCISED]
    assert row.status is Status.NOT_EXERCISED


def test_evidence_of_another_way_or_row_is_left_out() -> None:
    [row] = matrix(
        [ROW], [evidence(Status.FAIL, Judged.ATTACK), evidence(Status.FAIL, requirement="T-02")]
    )
    assert all(not cell.evidence for cell in row.cells)


@pytest.mark.parametrize("statuses", list(itertools.combinations(Status, 2)))
def test_worst_is_one_of_them_and_never_pass_unless_all_pass(
    statuses: tuple[Status, Status],
) -> None:
    answer = worst(statuses)
    assert answer in statuses
    assert answer is not Status.PASS


def test_worst_of_nothing_is_not_exercised() -> None:
    assert worst([]) is Status.NOT_EXERCISED


GOOD = {"id": "T-01", "text": "text", "judged": ["L", "C"]}


def test_ways_come_in_the_fixed_order() -> None:
    assert RequirementSet.from_dict("f", {"requirement": [GOOD]}).rows[0].judged == (
        Judged.CONSTRUCTION,
        Judged.LIVE,
    )


@pytest.mark.parametrize(
    ("data", "got"),
    [
        ({}, "no `requirement`"),
        ({"requirement": [GOOD], "rows": []}, "`rows = []`"),
        ({"requirement": [GOOD, GOOD]}, "`T-01`"),
        ({"requirement": [{**GOOD, "judged": ["Z"]}]}, "`['Z']`"),
        ({"requirement": [{**GOOD, "judged": []}]}, "no `judged`"),
        ({"requirement": [{**GOOD, "text": 3}]}, "`text = 3`"),
        ({"requirement": [{**GOOD, "control": []}]}, "`control = []`"),
        ({"requirement": [{**GOOD, "uncovered": {"a-b": "why"}}]}, "`a-b = 'why'`"),
        ({"requirement": [{**GOOD, "controls": ["a-b"], "uncovered": {"a-b": ""}}]}, "`a-b = ''`"),
    ],
)
def test_a_wrong_file_says_what_it_got(data: dict[str, object], got: str) -> None:
    with pytest.raises(ConfigError) as error:
        RequirementSet.from_dict("f.toml", data)
    assert error.value.got == got
    assert error.value.where.startswith("f.toml")
    assert error.value.do
