"""The verdict as text: how much of what, what to do and where, the matrix, and the decision."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from revet.model.finding import Change, Origin, Status
from revet.model.requirement import Judged, MatrixRow
from revet.model.verdict import Decision, Verdict
from revet.report.accounts import is_of, text_rows, unread
from revet.report.changes import LISTED, change_of, earlier, key_of, rule_of, step
from revet.report.claims import text_claims
from revet.report.flow import text_flow
from revet.report.frameworks import text_frameworks
from revet.report.groups import Cause, Group, Subject, Unknown, by_cause, by_control
from revet.report.words import (
    addresses,
    counted_changes,
    counted_severities,
    not_exercised,
    not_looked_at,
    one_line,
    place,
    reason,
    short_hash,
    waiver_line,
    waivers_to_look_at,
)

_COLOURS = {
    Status.FAIL: "31",
    Status.UNKNOWN: "33",
    Status.WAIVED: "35",
    Status.NOT_EXERCISED: "36",
    Status.PASS: "32",
}
_COUNT_COLOURS = {"failed": "31", "unknown": "33", "waived": "35"}
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

    What fails is grouped by control, what is not known by its cause, each above its addresses.
    Findings that pass are counted, not listed. The same verdict gives the same text.

    Args:
        verdict: what was found out.
        width: columns into which explanations are wrapped; addresses and fixes are not.
        color: whether to use ANSI colours.

    Returns:
        Text which ends with a line feed.
    """
    page = _Page(verdict, max(width, _NARROWEST), color=color)
    sections = [
        list(page.problems()),
        list(page.counts()),
        list(page.accounts()),
        *(list(section) for section in page.findings()),
        list(page.matrix()),
        list(text_claims(verdict, page.width)),
        list(text_flow(verdict.flow)),
        *text_frameworks(verdict, page.width, color=color),
        list(page.comparison()),
        list(page.waivers()),
        list(page.last()),
    ]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


class _Page:
    def __init__(self, verdict: Verdict, width: int, *, color: bool) -> None:
        self.verdict = verdict
        self.width = width
        self.color = color
        self.changes = change_of(verdict)
        self.blocking = frozenset(verdict.blocking)
        self.described: set[str] = set()
        self.unread = unread(verdict)

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color else text

    def status(self, status: Status, text: str = "") -> str:
        return self.paint(text or status.value, _COLOURS[status])

    def problems(self) -> Iterator[str]:
        for problem in self.verdict.problems:
            yield f"{self.paint('problem', '1;33')}: {one_line(problem)}"

    def counts(self) -> Iterator[str]:
        """How many of each severity, what judged nothing, and what nothing judged."""
        for line in counted_severities(self.verdict):
            number, _, rest = line.partition(":")
            yield f"{self.paint(number, _COUNT_COLOURS[number.split()[1]])}:{rest}"
        if idle := not_exercised(self.verdict):
            yield f"{self.status(Status.NOT_EXERCISED)}: {one_line(idle)}"
        if types := not_looked_at(self.verdict):
            listed = ", ".join(f"{one_line(kind)} {number}" for kind, number in types)
            yield f"{self.paint('not looked at', '36')} (tags and names aside): {listed}"

    def accounts(self) -> Iterator[str]:
        for number, line in enumerate(text_rows(self.verdict)):
            yield line if number else self.paint(line, "1")

    def findings(self) -> Iterator[Iterator[str]]:
        for group in by_control(self.verdict.findings, Status.FAIL):
            yield self._failed(group)
        for unknown in by_cause(self.verdict.findings):
            yield self._unknown(unknown)
        for group in by_control(self.verdict.findings, Status.WAIVED):
            yield self._waived(group)

    def _failed(self, group: Group) -> Iterator[str]:
        yield self._heading(Status.FAIL, self._named(group), group.subjects)
        yield from self._described(group)
        for remedy in group.remedies:
            yield from self._code("fix", remedy.fix)
            yield from self._code("construct", remedy.fix_construct)
            for cause in remedy.causes:
                yield from self._cause(cause, group)

    def _unknown(self, unknown: Unknown) -> Iterator[str]:
        for number, text in enumerate(unknown.said):
            head = f"{self.status(Status.UNKNOWN, 'UNKNOWN')} " if number == 0 else "  "
            yield f"{head}{one_line(text)}"
        yield from self._field("resolve", unknown.resolve)
        found = [item for subject in unknown.subjects for item in subject.findings]
        if is_of(found, self.unread):
            names = ", ".join(dict.fromkeys(group.control for group in unknown.groups))
            yield from self._field("controls", names)
            return
        for group in unknown.groups:
            where = addresses(len(group.subjects))
            remark = self._does_not_block(group.subjects)
            yield from self._field("control", f"{self._named(group)} at {where}{remark}")
            if group.control not in self.described:
                yield from self._described(group)
                for remedy in group.remedies:
                    yield from self._code("fix", remedy.fix)
                    yield from self._code("construct", remedy.fix_construct)
            yield from self._addresses(group.subjects, group.subjects)

    def _waived(self, group: Group) -> Iterator[str]:
        yield self._heading(Status.WAIVED, self._named(group), group.subjects)
        for remedy in group.remedies:
            for cause in remedy.causes:
                yield from self._field("waived", cause.waiver)
                yield from self._cause(cause, group)

    def _cause(self, cause: Cause, group: Group) -> Iterator[str]:
        """What was found, and where; of one resource in one line."""
        if len(cause.subjects) == 1:
            said = "; ".join(text for text in cause.said if text)
            yield from self._addresses(cause.subjects, group.subjects, said)
            return
        for text in cause.said:
            yield from self._field("implemented", text)
        yield from self._addresses(cause.subjects, group.subjects)

    def _heading(self, status: Status, what: str, subjects: tuple[Subject, ...]) -> str:
        word = self.status(status, status.value.upper())
        return f"{word} {what} at {addresses(len(subjects))}{self._does_not_block(subjects)}"

    def _named(self, group: Group) -> str:
        return f"{one_line(group.control)} ({group.severity.value})"

    def _described(self, group: Group) -> Iterator[str]:
        self.described.add(group.control)
        yield from self._field("required", group.required)
        yield from self._field("impact", group.impact)

    def _addresses(
        self, subjects: tuple[Subject, ...], together: tuple[Subject, ...], said: str = ""
    ) -> Iterator[str]:
        """One line for each resource; what does not block says so unless nothing of them blocks."""
        harmless = bool(self._does_not_block(together))
        for subject in subjects:
            finding = subject.finding
            change = self.changes.get(key_of(finding))
            where = place(finding)
            parts = [
                f"    {one_line(finding.address)}",
                f": {one_line(said)}" if said else "",
                f", at {one_line(', '.join(subject.paths))}" if subject.paths else "",
                f" ({change.value})" if change in (Change.NEW, Change.REGRESSED) else "",
                "" if harmless else self._does_not_block((subject,)),
                f" [{one_line(where)}]" if where else "",
                f" beside {one_line(', '.join(subject.related))}" if subject.related else "",
                f" {finding.fingerprint}",
            ]
            yield "".join(parts)

    def _does_not_block(self, subjects: tuple[Subject, ...]) -> str:
        """A remark where nothing of some resources blocks; what is waived is known not to."""
        found = {item for subject in subjects for item in subject.findings}
        waived = all(item.status is Status.WAIVED for item in found)
        return "" if waived or found & self.blocking else " (does not block)"

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
        """One line for each requirement, one column for each of the five ways."""
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
        """What changed since an earlier verdict, one line per subject; what did not is counted."""
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
        yield from (waiver_line(*item) for item in waivers_to_look_at(self.verdict))

    def last(self) -> Iterator[str]:
        p = self.verdict.provenance
        for label, text in p.notes.items():
            yield f"{one_line(label)}: {one_line(text)}"
        plan = f", {p.reading} {short_hash(p.plan_hash)}" if p.plan_hash else ""
        target = f", target {p.target}" if p.target != "none" else ""
        decision = self.verdict.decision
        yield (
            f"{self.paint(decision.value, _DECISION_COLOURS[decision])}: "
            f"{one_line(f'{p.stack} at {p.stage}{target}{plan}: {reason(self.verdict)}')}"
        )
