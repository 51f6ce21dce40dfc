"""What an assessor reads of a framework: what was looked at, the rows, what is waived and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from revet.model.finding import Finding, Status
from revet.model.framework import ControlAnswer, FrameworkResult
from revet.model.verdict import Provenance, Verdict
from revet.report.words import COUNTED

CERTIFIES_NOTHING = (
    "This page certifies nothing. It shows what configuration says of these rows; an assessor "
    "decides what applies, what else is asked for, and whether a row is met."
)
_TARGETS = {
    "none": "none, judged from files",
    "embedded": "embedded AWS, not a real account",
    "aws": "a real AWS account",
}
Anchors = Mapping[tuple[str, Status], str]


def scope(found: Provenance) -> Iterator[tuple[str, str]]:
    """What was looked at, when and by what, as labels and texts; what is not known is said."""
    accounts = [read.account for read in found.accounts] or [found.account]
    regions = {region for read in found.accounts for region in read.regions} or {found.region}
    yield "Stack", found.stack
    yield "Stage", found.stage
    yield "Looked at", f"{found.reading}; target: {_TARGETS.get(found.target, found.target)}"
    yield "Account", ", ".join(filter(None, accounts)) or "not known"
    yield "Region", ", ".join(sorted(filter(None, regions))) or "not known"
    yield f"{found.reading.capitalize()} SHA-256", found.plan_hash or "none"
    yield "Versions", ", ".join(f"{name} {one}" for name, one in found.versions.items()) or "none"
    yield "Date", found.time or "not known"


def anchors(
    shown: Iterable[Sequence[Finding]], quiet: Iterable[Mapping[str, Any]]
) -> dict[tuple[str, Status], str]:
    """Control and status to the place on the page where the first such finding stands."""
    found: dict[tuple[str, Status], str] = {}
    for number, group in enumerate(shown, start=1):
        found.setdefault((group[0].control, group[0].status), f"finding-{number}")
    for number, one in enumerate(quiet, start=1):
        found.setdefault((one["control"], one["status"]), f"passed-{number}")
    return found


def linked(answer: ControlAnswer, places: Anchors) -> list[tuple[str, str, str]]:
    """What a control said: a count of findings, where the first stands, and what was looked at."""
    return [
        (f"{found[status]} {word}", places.get((answer.control, status), ""), origin.value)
        for origin, found in answer.by_origin.items()
        for status, word in COUNTED.items()
        if status in found and status is not Status.NOT_EXERCISED
    ]


def waived(verdict: Verdict, item: FrameworkResult) -> list[tuple[Finding, tuple[str, ...]]]:
    """The waived findings about rows of a framework, each with the ids of these rows."""
    rows = item.framework.controls
    return [
        (finding, rows[finding.control])
        for finding in verdict.findings
        if finding.status is Status.WAIVED and finding.control in rows
    ]
