"""The verdict as Markdown, for a comment on a pull request or the summary of a build step."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable, Iterator
from itertools import accumulate

from revet.model.finding import Change, Status
from revet.model.requirement import Judged
from revet.model.verdict import Decision, Verdict, Waiver
from revet.report.accounts import is_of, markdown_rows, unread
from revet.report.changes import LISTED, change_of, earlier, key_of, rule_of, step
from revet.report.claims import markdown_claims
from revet.report.frameworks import markdown_frameworks
from revet.report.groups import Group, Remedy, Subject, Unknown, by_cause, by_control
from revet.report.prose import capped, cell, code, escaped, fenced, inline
from revet.report.words import (
    addresses,
    counted,
    counted_changes,
    counted_severities,
    not_looked_at,
    one_line,
    place,
    reason,
    requirements_met,
    short_hash,
    waivers_to_look_at,
)

LONGEST = 65_000
"""GitHub refuses a comment of more than 65,536 characters."""

_PART = 9_000
"""No part but the findings takes more than this."""
_FIELD = 1_500
"""No field of a finding takes more than this."""
_HEAD = 500
"""No field of the heading takes more than this."""
_ENDING = 2_000
"""Kept free for what follows the findings."""
_MOST_NAMES = 5
"""No summary names more controls than this; the block itself names all."""
_DOES_NOT_BLOCK = "does not block"

_SIGNS = {Decision.ALLOWED: "✅", Decision.BLOCKED: "❌", Decision.UNDECIDED: "⚠️"}
_MARKS = {
    Status.FAIL: "❌ fail",
    Status.UNKNOWN: "❓ unknown",
    Status.WAIVED: "📝 waived",
    Status.NOT_EXERCISED: "⚪ nothing",
    Status.PASS: "✅ pass",
}


def render_markdown(verdict: Verdict) -> str:
    """Render a verdict as GitHub Flavored Markdown.

    The decision, what changed, the requirements, and the findings that somebody must act on, the
    worst first: what fails by control, what is not known by its cause, each in a block that folds
    out and lists the addresses. At most `LONGEST` characters; what does not fit is counted in a
    line.

    Args:
        verdict: what was found out.
    """
    page = _Page(verdict)
    parts = [
        page.head(),
        capped(page.problems(), "problems", _PART),
        capped(markdown_rows(verdict), "accounts", _PART),
        capped(page.comparison(), "changes", _PART),
        capped(page.matrix(), "requirements", _PART),
        capped(markdown_claims(verdict, _FIELD), "proofs and attacks", _PART),
        capped(page.not_looked_at(), "types", _PART),
        capped(page.waivers(), "waivers", _PART),
        page.foot(),
    ]
    used = sum(len(part) + 2 for part in parts)
    findings = page.findings(LONGEST - used - _ENDING)
    left = LONGEST - used - len(findings) - 2
    parts[6:6] = [
        findings,
        *markdown_frameworks(verdict, min(_PART * len(verdict.frameworks), left)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _short(text: str, longest: int = _FIELD) -> str:
    """A text that is not longer than a field may be, cut before it is escaped."""
    left = len(text) - longest
    return text if left <= 0 else f"{text[:longest]} … ({left} more characters)"


class _Block:
    """Lines that fold out, and may be cut after any resource.

    Args:
        summary: what is shown while it is folded, in HTML.
    """

    def __init__(self, summary: str) -> None:
        self.start = ["<details>", f"<summary>{summary}</summary>", ""]
        self.lines: list[str] = []
        self.ends: list[int] = []

    def add(self, lines: Iterable[str]) -> None:
        self.lines.extend(lines)

    def within(self, room: int) -> tuple[str, int]:
        """As much as fits.

        Args:
            room: characters that there are.

        Returns:
            The block, empty when not even one resource fits, and how many were left out.
        """
        end = ["", "</details>"]
        size = sum(len(line) + 1 for line in (*self.start, *end))
        sizes = list(accumulate((len(line) + 1 for line in self.lines), initial=size))
        fitting = [number for number in self.ends if sizes[number] <= room]
        if not fitting:
            return "", len(self.ends)
        shown = "\n".join((*self.start, *self.lines[: fitting[-1]], *end))
        return shown, len(self.ends) - len(fitting)


class _Page:
    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.blocking = frozenset(verdict.blocking)
        self.changes = change_of(verdict)
        self.described_controls: set[str] = set()
        self.unread = unread(verdict)

    def head(self) -> str:
        verdict, p = self.verdict, self.verdict.provenance
        target = {"none": "", "embedded": ", on the embedded AWS (emulated)"}
        on = target.get(p.target, ", in a real account")
        decision = f"{_SIGNS[verdict.decision]} {verdict.decision.value}"
        title = f"## {decision}: {code(_short(p.stack, _HEAD))}"
        why = escaped(_short(reason(verdict), _HEAD))
        return f"{title} at {escaped(_short(p.stage, _HEAD))}{on}\n\n{why}"

    def problems(self) -> Iterator[str]:
        if self.verdict.problems:
            yield from ("### Why it could not be decided", "")
            yield from (f"- {inline(_short(problem))}" for problem in self.verdict.problems)

    def comparison(self) -> Iterator[str]:
        comparison = self.verdict.comparison
        if comparison is None:
            return
        yield "### Compared with an earlier verdict"
        yield ""
        counts = escaped(counted_changes(comparison))
        yield f"{escaped(_short(earlier(comparison)))}: **{counts}**."
        for note in comparison.notes:
            yield from ("", inline(_short(note)))
        if rule := rule_of(comparison):
            yield from ("", escaped(rule[:1].upper() + rule[1:]) + ".")
        listed = [item for change in LISTED for item in comparison.of(change)]
        if listed:
            yield from ("", "| change | control | address | what happened |", "|---|---|---|---|")
        for item in listed:
            cells = (
                item.change.value,
                code(_short(item.control)),
                code(_short(item.address)),
                escaped(step(item)),
            )
            yield _row(cells)

    def matrix(self) -> Iterator[str]:
        rows = self.verdict.matrix
        if not rows:
            return
        yield f"### Requirements: {requirements_met(self.verdict)}"
        yield ""
        yield _row(("requirement", *(f"{way.value} {way.label}" for way in Judged), ""))
        yield "|---" * (len(Judged) + 2) + "|"
        for row in rows:
            by_way = {item.judged: item.status for item in row.cells}
            ways = (self.mark(way, by_way.get(way)) for way in Judged)
            requirement = row.requirement
            yield _row((code(_short(requirement.id)), *ways, inline(_short(requirement.text))))

    def mark(self, way: Judged, status: Status | None) -> str:
        if status is None:
            return ""
        expects = self.verdict.expects
        if status is Status.NOT_EXERCISED and expects and way not in expects:
            return "not in this stage"
        return _MARKS[status]

    def findings(self, room: int) -> str:
        blocks = list(self.blocks())
        if not blocks:
            return ""
        head = "\n".join(
            (
                f"### Findings: {counted(self.verdict)}",
                "",
                *(f"- {line}" for line in counted_severities(self.verdict)),
            )
        )
        kept = [head]
        room -= len(head)
        left = 0
        for block in blocks:
            shown, number = block.within(0 if left else room)
            room -= len(shown) + 2
            left += number
            if shown:
                kept.append(shown)
        if left:
            kept.append(_more(left))
        return "\n\n".join(kept)

    def blocks(self) -> Iterator[_Block]:
        for group in by_control(self.verdict.findings, Status.FAIL):
            yield self.failed(group)
        for unknown in by_cause(self.verdict.findings):
            yield self.unknown(unknown)
        for group in by_control(self.verdict.findings, Status.WAIVED):
            yield self.failed(group)

    def failed(self, group: Group) -> _Block:
        status = group.subjects[0].finding.status.value
        block = _Block(self.summary((status, group.severity.value), group.subjects, group.control))
        block.add(self.described(group))
        for remedy in group.remedies:
            block.add(_fixes(remedy))
            for cause in remedy.causes:
                block.add(_field("waived", cause.waiver))
                if len(cause.subjects) == 1:
                    said = "; ".join(text for text in cause.said if text)
                    self.list(block, cause.subjects, group.subjects, said)
                    continue
                for text in cause.said:
                    block.add(_field("implemented", text))
                self.list(block, cause.subjects, group.subjects)
        return block

    def unknown(self, unknown: Unknown) -> _Block:
        worst = unknown.groups[0].severity.value
        names = list(dict.fromkeys(group.control for group in unknown.groups))
        block = _Block(self.summary(("unknown", worst), unknown.subjects, *names))
        for text in unknown.said:
            block.add(_field("cause", text))
        block.add(_field("to resolve", unknown.resolve))
        if is_of((item for one in unknown.subjects for item in one.findings), self.unread):
            block.add(_field("controls", ", ".join(f"`{name}`" for name in names)))
            block.ends.append(len(block.lines))
            return block
        for group in unknown.groups:
            if group.control not in self.described_controls:
                block.add(self.described(group))
                for remedy in group.remedies:
                    block.add(_fixes(remedy))
            block.add([f"- **control** {code(_short(group.control))} ({group.severity.value})"])
            self.list(block, group.subjects, unknown.subjects)
        return block

    def summary(self, words: tuple[str, str], subjects: tuple[Subject, ...], *controls: str) -> str:
        remarks = [*words, *([_DOES_NOT_BLOCK] if self.is_harmless(subjects) else [])]
        names = " ".join(_html(name) for name in controls[:_MOST_NAMES])
        return f"{', '.join(remarks)}: {names} at {addresses(len(subjects))}"

    def described(self, group: Group) -> Iterator[str]:
        if group.control in self.described_controls:
            return
        self.described_controls.add(group.control)
        yield from _field("required", group.required)
        yield from _field("impact", group.impact)

    def list(
        self,
        block: _Block,
        subjects: tuple[Subject, ...],
        together: tuple[Subject, ...],
        said: str = "",
    ) -> None:
        """One line for each resource; what does not block says so unless nothing of them blocks."""
        indent = "" if said else "  "
        for subject in subjects:
            finding = subject.finding
            change = self.changes.get(key_of(finding))
            remarks = [str(change)] if change in (Change.NEW, Change.REGRESSED) else []
            if self.is_harmless((subject,)) and not self.is_harmless(together):
                remarks.append(_DOES_NOT_BLOCK)
            parts = [
                f"{indent}- {code(_short(finding.address))}",
                f": {inline(_short(said))}" if said else "",
                f", at {code(_short(', '.join(subject.paths)))}" if subject.paths else "",
                f" ({', '.join(remarks)})" if remarks else "",
                f", from {code(_short(place(finding)))}" if place(finding) else "",
                f" beside {code(_short(', '.join(subject.related)))}" if subject.related else "",
                f", {code(finding.fingerprint)}",
            ]
            block.add(["".join(parts)])
            block.ends.append(len(block.lines))

    def is_harmless(self, subjects: tuple[Subject, ...]) -> bool:
        """Whether nothing of some resources blocks; what is waived is known not to."""
        found = {item for subject in subjects for item in subject.findings}
        waived = all(item.status is Status.WAIVED for item in found)
        return not waived and not found & self.blocking

    def not_looked_at(self) -> Iterator[str]:
        """Types of which nothing but tags and names was judged, in a list that may be cut."""
        if types := not_looked_at(self.verdict):
            yield from ("### Not looked at, tags and names aside", "")
            yield from (f"- {code(_short(kind))} {number}" for kind, number in types)

    def waivers(self) -> Iterator[str]:
        if lines := [_waiver(*item) for item in waivers_to_look_at(self.verdict)]:
            yield from ("### Waivers to look at", "", *lines)

    def foot(self) -> str:
        p = self.verdict.provenance
        rests = [
            f"{escaped(p.reading)} {code(short_hash(p.plan_hash))}" if p.plan_hash else "",
            f"synthesis {code(short_hash(p.synthesis_hash))}" if p.synthesis_hash else "",
            *(f"{escaped(name)} {escaped(version)}" for name, version in p.versions.items()),
            escaped(p.time),
        ]
        text = ", ".join(part for part in rests if part)
        return (
            f"<sub>{text}. It supports requirements with evidence; it certifies nothing.</sub>"
            if text and len(text) < _ENDING
            else "<sub>It supports requirements with evidence; it certifies nothing.</sub>"
        )


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell(text) for text in cells) + " |"


def _field(label: str, text: str, seen: str = "") -> Iterator[str]:
    if text:
        yield f"- **{label}** {inline(_short(text))}{seen}"


def _fixes(remedy: Remedy) -> Iterator[str]:
    """A snippet of one line stays in the line, a longer one becomes a block inside the list."""
    for label, text, language in (
        ("fix", _short(remedy.fix.strip("\n")), "hcl"),
        ("with revet", _short(remedy.fix_construct.strip("\n")), "python"),
    ):
        if "\n" in text:
            yield f"- **{label}**"
            yield textwrap.indent(fenced(text, language), "  ")
        elif text:
            yield f"- **{label}** {code(text)}"


def _html(text: str) -> str:
    """Code inside a line of HTML, where Markdown is not read."""
    return f"<code>{html.escape(one_line(_short(text)))}</code>"


def _more(number: int) -> str:
    noun = "finding does" if number == 1 else "findings do"
    return (
        f"**{number} more** {noun} not fit into a comment. "
        "`revet report` shows them all in every other format."
    )


def _waiver(state: str, waiver: Waiver) -> str:
    flaw = f" ({inline(_short(waiver.flaw))})" if waiver.flaw else ""
    return (
        f"- {state}: {code(_short(waiver.control))} {code(_short(waiver.address))}, "
        f"owner {escaped(_short(waiver.owner))}, until {waiver.expires.isoformat()}: "
        f"{inline(_short(waiver.reason))}{flaw}"
    )
