"""The verdict as text: one line a finding, then what to do, the matrix, and the decision."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from revet.model.finding import Change, Finding, Origin, Status
from revet.model.requirement import Judged, MatrixRow
from revet.model.verdict import Decision, Verdict, Waiver
from revet.report.changes import LISTED, change_of, earlier, key_of, rule_of, step
from revet.report.words import (
    counted_changes,
    grouped,
    in_order,
    one_line,
    place,
    reason,
    short_hash,
)

_COLOURS = {
    Status.FAIL: "31",
    Status.UNKNOWN: "33",
    Status.WAIVED: "35",
    Status.NOT_EXERCISED: "36",
    Status.PASS: "32",
}
_DECISION_COLOURS = {
    Decision.ALLOWED: "1;32",
    Decision.BLOCKED: "1;31",
    Decision.UNDECIDED: "1;33",
}
_MARKS = {
    Status.FAIL: "FAIL",
    Status.UNKNOWN: "unknown",
    Status.WAIVED: "waived",
    Status.NOT_EXERCISED: "nothing",
    Status.PASS: "pass",
}
_CHANGE_COLOURS = {
    Change.NEW: "31",
    Change.REGRESSED: "31",
    Change.WAIVED: "35",
    Change.FIXED: "32",
    Change.GONE: "36",
}
_LABEL = 13
_CELL = 9
_SHORTEST_TEXT = 20
_NARROWEST = 40


def render_text(verdict: Verdict, *, width: int = 100, color: bool = False) -> str:
    """Render a verdict for a terminal or a log.

    Findings that pass are counted, not listed. The same verdict gives the same text.

    Args:
        verdict: what was found out.
        width: columns into which explanations are wrapped; lines of findings and fixes are not.
        color: whether to use ANSI colours.

    Returns:
        Text which ends with a line feed.
    """
    page = _Page(verdict, max(width, _NARROWEST), color=color)
    sections = [
        list(page.problems()),
        list(page.lines()),
        *(list(page.block(group)) for group in page.explained()),
        list(page.matrix()),
        list(page.comparison()),
        list(page.waivers()),
        list(page.last()),
    ]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


class _Page:
    """One rendering; holds what every section needs."""

    def __init__(self, verdict: Verdict, width: int, *, color: bool) -> None:
        self.verdict = verdict
        self.width = width
        self.color = color
        self.changes = change_of(verdict)
        self.blocking = frozenset(verdict.blocking)

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color else text

    def status(self, status: Status, text: str = "") -> str:
        return self.paint(text or status.value, _COLOURS[status])

    def problems(self) -> Iterator[str]:
        for problem in self.verdict.problems:
            yield f"{self.paint('problem', '1;33')}: {one_line(problem)}"

    def lines(self) -> Iterator[str]:
        """One line for everything that did not pass; what had nothing in scope shares one."""
        idle = []
        for finding in in_order(self.verdict.findings):
            if finding.status is Status.NOT_EXERCISED:
                idle.append(finding.control)
            elif finding.status is not Status.PASS:
                yield self._line(finding)
        if idle:
            names = ", ".join(one_line(name) for name in dict.fromkeys(idle))
            yield f"{self.status(Status.NOT_EXERCISED)} (nothing in scope): {names}"

    def _line(self, finding: Finding) -> str:
        said = finding.waiver if finding.status is Status.WAIVED else finding.implemented
        blocks = finding in self.blocking or finding.status is Status.WAIVED
        change = self.changes.get(key_of(finding))
        parts = [
            (
                f"{one_line(finding.address)}: {self.status(finding.status)} "
                f"{finding.severity.value} {one_line(finding.control)}"
            ),
            f": {one_line(said)}" if said else "",
            "" if finding.origin is Origin.PLAN else f" ({finding.origin.value})",
            f" ({change.value})" if change in (Change.NEW, Change.REGRESSED) else "",
            "" if blocks else " (does not block)",
            f" [{one_line(str(finding.source))}]" if finding.source else "",
        ]
        return "".join(parts)

    def explained(self) -> list[tuple[Finding, ...]]:
        """The findings that somebody must act on."""
        return grouped(self.verdict.findings, (Status.FAIL, Status.UNKNOWN))

    def block(self, group: tuple[Finding, ...]) -> Iterator[str]:
        """Required, implemented, impact and fix of what plan and live checks say alike."""
        finding = group[0]
        yield (
            f"{self.status(finding.status, finding.status.value.upper())} "
            f"{one_line(finding.address)}  {one_line(finding.control)} ({finding.severity.value})"
        )
        yield from self._field("required", finding.required)
        for item in group:
            seen = "" if item.origin is Origin.PLAN else f" ({item.origin.value})"
            yield from self._field("implemented", item.implemented + seen)
        yield from self._field("impact", finding.impact)
        yield from self._field("resolve", finding.resolve)
        yield from self._code("fix", finding.fix)
        yield from self._code("construct", finding.fix_construct)
        yield from self._field("where", place(finding))
        yield from self._field("looked at", ", ".join(finding.paths))
        yield from self._field("related", ", ".join(finding.related))
        yield from self._field("fingerprint", finding.fingerprint)

    def _field(self, label: str, text: str) -> Iterator[str]:
        indent = " " * (2 + _LABEL)
        wrapped = textwrap.wrap(
            one_line(text),
            width=self.width,
            initial_indent=f"  {label:<{_LABEL}}",
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield from wrapped

    def _code(self, label: str, code: str) -> Iterator[str]:
        for number, line in enumerate(code.strip("\n").split("\n") if code else ()):
            head = label if number == 0 else ""
            visible = one_line(line.replace("\t", "  ").rstrip("\r"))
            yield f"  {head:<{_LABEL}}{visible}".rstrip()

    def matrix(self) -> Iterator[str]:
        """One line a requirement, one column for each of the five ways."""
        rows = self.verdict.matrix
        if not rows:
            return
        longest = max(len("requirement"), *(len(one_line(row.requirement.id)) for row in rows))
        heading = "".join(f"{way.value:<{_CELL}}" for way in Judged)
        yield self.paint(f"{'requirement':<{longest}}  {heading}".rstrip(), "1")
        for row in rows:
            yield self._row(row, longest)
        yield from self._legend()

    def _row(self, row: MatrixRow, longest: int) -> str:
        by_way = {cell.judged: cell.status for cell in row.cells}
        cells = []
        for way in Judged:
            status = by_way.get(way)
            mark = _MARKS[status] if status else "."
            if status is Status.NOT_EXERCISED and way not in self.verdict.expects:
                mark = "-"
            padding = " " * (_CELL - len(mark))
            cells.append((self.status(status, mark) if status else mark) + padding)
        start = f"{one_line(row.requirement.id):<{longest}}  {''.join(cells)}"
        room = max(self.width - longest - 2 - _CELL * len(Judged), _SHORTEST_TEXT)
        text = textwrap.shorten(one_line(row.requirement.text), width=room, placeholder=" …")
        return f"{start}{text}".rstrip()

    def _legend(self) -> Iterator[str]:
        ways = []
        for way in Judged:
            found = {item.origin for item in self.verdict.evidence if item.judged is way}
            origins = " and ".join(origin.value for origin in Origin if origin in found)
            looked_at = way in (Judged.LIVE, Judged.ATTACK) and origins
            ways.append(f"{way.value} {way.label}" + (f" ({origins})" if looked_at else ""))
        yield ", ".join(ways)
        yield ". not asked for, - not looked at in this stage, nothing: nothing in scope"

    def comparison(self) -> Iterator[str]:
        """What changed since an earlier verdict, one line a subject; what did not is counted."""
        comparison = self.verdict.comparison
        if comparison is None:
            return
        yield (
            f"compared with {one_line(earlier(comparison))}: "
            f"{one_line(counted_changes(comparison))}"
        )
        for change in LISTED:
            for item in comparison.of(change):
                kind = self.paint(f"{change.value:<9}", _CHANGE_COLOURS[change])
                subject = f"{one_line(item.address)}  {one_line(item.control)}"
                yield f"{kind}  {subject}: {one_line(step(item))}"
        for note in comparison.notes:
            yield f"note: {one_line(note)}"
        if rule := rule_of(comparison):
            yield rule

    def waivers(self) -> Iterator[str]:
        for waiver in self.verdict.expired:
            yield self._waiver("expired waiver", waiver)
        for waiver in self.verdict.unused:
            yield self._waiver("unused waiver", waiver)

    def _waiver(self, label: str, waiver: Waiver) -> str:
        return (
            f"{label}: {one_line(waiver.control)} {one_line(waiver.address)}, "
            f"owner {one_line(waiver.owner)}, until {waiver.expires.isoformat()}: "
            f"{one_line(waiver.reason)}" + (f" ({one_line(waiver.flaw)})" if waiver.flaw else "")
        )

    def last(self) -> Iterator[str]:
        """Provenance in a line, notes, and the decision with its reason."""
        p = self.verdict.provenance
        for label, text in p.notes.items():
            yield f"{one_line(label)}: {one_line(text)}"
        plan = f", plan {short_hash(p.plan_hash)}" if p.plan_hash else ""
        target = f", target {p.target}" if p.target != "none" else ""
        decision = self.verdict.decision
        yield (
            f"{self.paint(decision.value, _DECISION_COLOURS[decision])}: "
            f"{one_line(f'{p.stack} at {p.stage}{target}{plan}: {reason(self.verdict)}')}"
        )
