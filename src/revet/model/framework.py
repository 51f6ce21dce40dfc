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
    """

    id: str
    title: str
    controls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Framework:
    """One version of a framework.

    Args:
        id: name of its file, for example `pci_dss`.
        title: as its publisher calls it.
        version: of the framework; ids mean something only together with it.
        source: where the ids and the mapping were read.
        rows: its requirements that are about AWS, in its order.
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
        origins: what was looked at.
    """

    control: str
    status: Status
    counts: Mapping[Status, int]
    origins: tuple[Origin, ...]


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
        framework, rows = as_data(self.framework), as_data(self.rows)
        del framework["rows"]
        framework["counts"] = as_data(self.counts)
        return {**framework, "rows": [{**row.pop("row"), **row} for row in rows]}


def framework_results(verdict: Verdict) -> tuple[FrameworkResult, ...]:
    """What a verdict says of the rows of the frameworks that it names.

    A row is *supported* when every control of ours that is about it ran and passed, and nothing
    makes the verdict doubtful. It is *failed* when one of them fails anywhere, *unknown* when one
    cannot tell or the verdict could not be decided, *not exercised* when one of them ran and
    another did not, or had nothing in its scope, *waived* when somebody answers for a failure, and
    *not looked at* when none of them ran or no control is about it.

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
    counts: dict[str, Counter[Status]] = {control: Counter() for control in ran}
    origins: dict[str, set[Origin]] = {}
    for finding in findings:
        counts.setdefault(finding.control, Counter())[finding.status] += 1
        origins.setdefault(finding.control, set()).add(finding.origin)
    return {
        control: ControlAnswer(
            control,
            worst(found),
            {status: found[status] for status in Status if found[status]},
            tuple(origin for origin in Origin if origin in origins.get(control, ())),
        )
        for control, found in counts.items()
    }


def _judged(
    row: FrameworkRow, answers: Mapping[str, ControlAnswer], *, doubtful: bool
) -> RowResult:
    evidence = tuple(answers[control] for control in row.controls if control in answers)
    not_run = tuple(control for control in row.controls if control not in answers)
    if not evidence:
        return RowResult(row, RowStatus.NOT_LOOKED_AT, (), not_run)
    found = [answer.status for answer in evidence]
    if not_run:
        found.append(Status.NOT_EXERCISED)
    status = _OF_FINDINGS[worst(found)]
    if doubtful and status is not RowStatus.FAILED:
        status = RowStatus.UNKNOWN
    return RowResult(row, status, evidence, not_run)
