"""Public frameworks as sets of rows, and what a verdict says of each row.

A framework says nothing about which controls run and nothing about the decision: it is another
reading of the same findings. A row is *supported* by evidence; it is never called compliant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from revet.model.finding import Finding, Origin, Status
from revet.model.record import as_data
from revet.model.requirement import worst

if TYPE_CHECKING:
    from revet.model.verdict import Verdict


class RowStatus(StrEnum):
    """What a verdict says of a row, worst first."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_EXERCISED = "not exercised"
    WAIVED = "waived"
    SUPPORTED = "supported"
    NOT_LOOKED_AT = "not looked at"
    OUT_OF_SCOPE = "out of scope"


_OF_FINDINGS = {
    Status.FAIL: RowStatus.FAILED,
    Status.UNKNOWN: RowStatus.UNKNOWN,
    Status.NOT_EXERCISED: RowStatus.NOT_EXERCISED,
    Status.WAIVED: RowStatus.WAIVED,
    Status.PASS: RowStatus.SUPPORTED,
}


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """One requirement of a framework.

    Args:
        id: as its publisher numbers it.
        title: what it asks for, in our own words.
        controls: ids of the controls that support it; empty when none does.
        outside: why no configuration of AWS can show it (people, paper, buildings); empty when it
            can, whether a control of ours is about it yet or not.
    """

    id: str
    title: str
    controls: tuple[str, ...] = ()
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """One version of a framework.

    Args:
        id: name of its file, for example `pci_dss`.
        title: as its publisher calls it.
        version: of the framework; ids mean something only together with it.
        source: where the ids and the mapping were read.
        rows: its requirements, in its order.
    """

    id: str
    title: str
    version: str
    source: str
    rows: tuple[FrameworkRow, ...]

    @property
    def controls(self) -> dict[str, tuple[str, ...]]:
        """Id of a control to the ids of the rows that it supports."""
        found: dict[str, list[str]] = {}
        for row in self.rows:
            for control in row.controls:
                found.setdefault(control, []).append(row.id)
        return {control: tuple(ids) for control, ids in found.items()}


@dataclass(frozen=True, slots=True)
class ControlAnswer:
    """What one control said, all its findings together.

    Args:
        control: its id.
        status: the worst of its findings; *not exercised* without any.
        counts: how many findings have each status; without those that none has.
        by_origin: what was looked at, and how many findings have each status there.
    """

    control: str
    status: Status
    counts: Mapping[Status, int]
    by_origin: Mapping[Origin, Mapping[Status, int]]

    @property
    def origins(self) -> tuple[Origin, ...]:
        """What was looked at."""
        return tuple(self.by_origin)

    def as_dict(self) -> dict[str, Any]:
        """JSON form; how many there are of each origin can be counted in the findings."""
        return {
            "control": self.control,
            "status": as_data(self.status),
            "counts": as_data(self.counts),
            "origins": as_data(self.origins),
        }


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row with all that speaks for or against it.

    Args:
        row: of the framework.
        status: what the verdict says of it.
        evidence: the answers of those of its controls that ran.
        not_run: those of its controls that did not.
    """

    row: FrameworkRow
    status: RowStatus
    evidence: tuple[ControlAnswer, ...]
    not_run: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON form; without `outside` where the row is not out of scope."""
        row = as_data(self.row)
        if not self.row.outside:
            del row["outside"]
        return {
            **row,
            "status": as_data(self.status),
            "evidence": [answer.as_dict() for answer in self.evidence],
            "not_run": as_data(self.not_run),
        }


@dataclass(frozen=True, slots=True)
class FrameworkResult:
    """A framework with what a verdict says of its rows.

    Args:
        framework: that was asked for.
        rows: in its order.
    """

    framework: Framework
    rows: tuple[RowResult, ...]

    @property
    def counts(self) -> dict[RowStatus, int]:
        """How many rows have each status; every status is there."""
        found = Counter(row.status for row in self.rows)
        return {status: found[status] for status in RowStatus}

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        framework, counts = as_data(self.framework), as_data(self.counts)
        del framework["rows"]
        if not counts[RowStatus.OUT_OF_SCOPE.value]:  # as before there was such a status
            del counts[RowStatus.OUT_OF_SCOPE.value]
        return {**framework, "counts": counts, "rows": [row.as_dict() for row in self.rows]}


def framework_results(verdict: Verdict) -> tuple[FrameworkResult, ...]:
    """What a verdict says of the rows of the frameworks that it names.

    A row is *supported* when every control of ours that is about it ran and passed, and nothing
    makes the verdict doubtful. It is *failed* when one of them fails anywhere, *unknown* when one
    cannot tell or the verdict could not be decided, *not exercised* when one of them ran and
    another did not, or had nothing in its scope, *waived* when somebody answers for a failure, and
    *not looked at* when none of them ran or no control is about it, and *out of scope* when no
    configuration can show it and nothing was found about it.

    Args:
        verdict: with its findings, and the controls that ran.
    """
    if not verdict.frameworks:
        return ()
    answers = _answers({control.id for control in verdict.controls}, verdict.findings)
    doubtful = bool(verdict.problems)
    return tuple(
        FrameworkResult(one, tuple(_judged(row, answers, doubtful=doubtful) for row in one.rows))
        for one in verdict.frameworks
    )


def _answers(ran: Collection[str], findings: Iterable[Finding]) -> dict[str, ControlAnswer]:
    """The answer of every control that ran, or that something was found by."""
    counts: dict[str, Counter[tuple[Origin, Status]]] = {control: Counter() for control in ran}
    for finding in findings:
        counts.setdefault(finding.control, Counter())[finding.origin, finding.status] += 1
    return {control: _answer(control, found) for control, found in counts.items()}


def _answer(control: str, found: Mapping[tuple[Origin, Status], int]) -> ControlAnswer:
    total: Counter[Status] = Counter()
    origins: dict[Origin, Counter[Status]] = {}
    for (origin, status), number in found.items():
        total[status] += number
        origins.setdefault(origin, Counter())[status] += number
    return ControlAnswer(
        control,
        worst(total),
        _in_order(total),
        {origin: _in_order(origins[origin]) for origin in Origin if origin in origins},
    )


def _in_order(counts: Mapping[Status, int]) -> dict[Status, int]:
    return {status: counts[status] for status in Status if status in counts}


def _judged(
    row: FrameworkRow, answers: Mapping[str, ControlAnswer], *, doubtful: bool
) -> RowResult:
    evidence = tuple(answers[control] for control in row.controls if control in answers)
    not_run = tuple(control for control in row.controls if control not in answers)
    if not evidence:
        nothing = RowStatus.OUT_OF_SCOPE if row.outside else RowStatus.NOT_LOOKED_AT
        return RowResult(row, nothing, (), not_run)
    found = [answer.status for answer in evidence]
    if not_run:
        found.append(Status.NOT_EXERCISED)
    status = _OF_FINDINGS[worst(found)]
    if doubtful and status is not RowStatus.FAILED:
        status = RowStatus.UNKNOWN
    return RowResult(row, status, evidence, not_run)
