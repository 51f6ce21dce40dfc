"""Words and orders that all formats share, so that they say the same thing."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from revet.model.finding import Change, Comparison, Finding, Origin, Severity, Status
from revet.model.verdict import Decision, Verdict, Waiver

COUNTED = {
    Status.FAIL: "failed",
    Status.UNKNOWN: "unknown",
    Status.WAIVED: "waived",
    Status.NOT_EXERCISED: "not exercised",
    Status.PASS: "passed",
}
"""Word for findings of a status; worst first, as in `Finding.sort_key`."""

_SHOWN_OF_HASH = 12
_LONGEST_REASON = 160

_CONTROL_CHARACTERS = {
    code: chr(code).encode("unicode_escape").decode()
    for code in (
        *range(0x20),
        *range(0x7F, 0xA0),
        *(0x2028, 0x2029),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xD800, 0xE000),
        *(0xFFFE, 0xFFFF),
    )
}
"""C0, DEL, C1, line separators, direction overrides and isolates, halves of surrogate pairs and
code points that are not characters, to what is shown instead of them."""

_BLOCK = {code: shown for code, shown in _CONTROL_CHARACTERS.items() if chr(code) not in "\n\t"}


def one_line(text: str) -> str:
    """Make control characters visible, so that a name cannot break a line or steer a terminal."""
    return text.translate(_CONTROL_CHARACTERS)


def block(text: str) -> str:
    """The same for text of several lines: line feeds and tabs stay."""
    return text.translate(_BLOCK)


def seen(origin: Origin) -> str:
    """A remark on what was looked at, where it was not the plan."""
    return "" if origin is Origin.PLAN else f" ({origin.value})"


def waivers_to_look_at(verdict: Verdict) -> Iterator[tuple[str, Waiver]]:
    """Each waiver that is expired or unused, after that word."""
    yield from (("expired", waiver) for waiver in verdict.expired)
    yield from (("unused", waiver) for waiver in verdict.unused)


def waiver_line(state: str, waiver: Waiver) -> str:
    """What is wrong with a waiver, and who answers for it."""
    return one_line(
        f"{state} waiver: {waiver.control} {waiver.address}, owner {waiver.owner}, "
        f"until {waiver.expires.isoformat()}: {waiver.reason}"
        + (f" ({waiver.flaw})" if waiver.flaw else "")
    )


def counted(verdict: Verdict) -> str:
    """How many findings have each status, worst first (`1 failed, 3 passed`)."""
    parts = [f"{verdict.counts[status]} {word}" for status, word in COUNTED.items()]
    return ", ".join(part for part in parts if not part.startswith("0 ")) or "no findings"


def addresses(number: int) -> str:
    """A number of addresses, as `1 address` or `7 addresses`."""
    return f"{number} address" if number == 1 else f"{number} addresses"


def counted_severities(verdict: Verdict) -> Iterator[str]:
    """How many findings of each severity call for somebody, one line per status, worst first."""
    for status in (Status.FAIL, Status.UNKNOWN, Status.WAIVED):
        found = [item.severity for item in verdict.findings if item.status is status]
        parts = [f"{found.count(each)} {each.value}" for each in Severity if each in found]
        if parts:
            yield f"{len(found)} {COUNTED[status]}: {', '.join(parts)}"


def not_exercised(verdict: Verdict) -> str:
    """Controls that judged nothing, each with the reason, in one line; empty without any."""
    idle = {
        finding.control: finding.implemented or "nothing in scope"
        for finding in in_order(verdict.findings)
        if finding.status is Status.NOT_EXERCISED
    }
    return ", ".join(f"{control} ({why})" for control, why in idle.items())


def not_looked_at(verdict: Verdict) -> list[tuple[str, int]]:
    """Terraform types of which nothing but tags and names was judged, and of how many resources."""
    return [(kind, len(names)) for kind, names in (verdict.not_looked_at or {}).items()]


def counted_changes(comparison: Comparison) -> str:
    """How many subjects changed in each way, as `1 new, 2 unchanged, 1 fixed`."""
    parts = [
        f"{len(items)} {change.value}" for change in Change if (items := comparison.of(change))
    ]
    return ", ".join(parts) or "nothing failed, now or then"


def requirements_met(verdict: Verdict) -> str:
    """How many requirements hold in every way that this stage must judge; empty without any.

    A row for which this stage judges nothing is not counted as met.
    """
    rows = verdict.matrix
    if not rows:
        return ""
    judged = [
        [cell for cell in row.cells if not verdict.expects or cell.judged in verdict.expects]
        for row in rows
    ]
    met = sum(
        bool(cells) and all(cell.status in (Status.PASS, Status.WAIVED) for cell in cells)
        for cells in judged
    )
    return f"{met} of {len(rows)} requirements supported at this stage"


def reason(verdict: Verdict) -> str:
    """Why the decision is what it is, one line."""
    changes = f"compared: {counted_changes(verdict.comparison)}" if verdict.comparison else ""
    if verdict.decision is Decision.ALLOWED:
        parts = [counted(verdict), requirements_met(verdict), changes]
        return "; ".join(part for part in parts if part)
    why = verdict.problems if verdict.decision is Decision.UNDECIDED else verdict.blockers
    noun = "problem" if verdict.decision is Decision.UNDECIDED else "reason"
    plural = "" if len(why) == 1 else "s"
    first = textwrap.shorten(why[0], _LONGEST_REASON, placeholder=" …")
    parts = [f"{len(why)} {noun}{plural}, first: {first}", counted(verdict), changes]
    return "; ".join(part for part in parts if part)


def origins(verdict: Verdict) -> tuple[Origin, ...]:
    """Where the evidence comes from, each origin once, in the order of `Origin`."""
    found = {item.origin for item in verdict.evidence}
    return tuple(origin for origin in Origin if origin in found)


def short_hash(value: str) -> str:
    """The first digits of a hash, enough to recognise it."""
    return value[:_SHOWN_OF_HASH]


def place(finding: Finding) -> str:
    """Where the user changes it: source line and construct, where they are known."""
    parts = [str(finding.source or ""), finding.construct_path]
    return ", ".join(part for part in parts if part)


def placed(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, each with the line and construct that any finding of its resource knows.

    A live check reads the account and knows neither, the plan's answer for the resource does.
    """
    findings = tuple(findings)
    known = {finding.address: finding for finding in findings if finding.source}
    for finding in findings:
        other = known.get(finding.address)
        if other is None or finding.source:
            yield finding
        else:
            path = finding.construct_path or other.construct_path
            yield replace(finding, source=other.source, construct_path=path)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Worst first; what is said twice of one resource in the order of its text."""
    return sorted(findings, key=lambda item: (*item.sort_key(), item.implemented))


def grouped(findings: Iterable[Finding], wanted: Collection[Status]) -> list[tuple[Finding, ...]]:
    """Findings that say the same thing of the same resource, once in the plan and once live.

    Args:
        findings: in any order.
        wanted: statuses that are of interest.

    Returns:
        Worst first; the members of a group have control, address and status in common.
    """
    chosen = (item for item in in_order(findings) if item.status in wanted)
    return [
        tuple(members)
        for _, members in groupby(chosen, key=lambda item: (item.control, item.address))
    ]
