"""The verdict as Markdown, for a comment on a pull request or the summary of a build step."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from revet.model.finding import Change, Finding, Origin, Status
from revet.model.requirement import Judged
from revet.model.verdict import Decision, Verdict, Waiver
from revet.report.changes import LISTED, change_of, earlier, key_of, rule_of, step
from revet.report.prose import cell, code, escaped, fenced, inline
from revet.report.words import (
    counted,
    counted_changes,
    grouped,
    one_line,
    place,
    reason,
    requirements_met,
    short_hash,
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
"""Kept free for what stands after the findings."""

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
    worst first, each in a block that folds out. At most `LONGEST` characters; what does not fit is
    counted in a line.

    Args:
        verdict: what was found out.
    """
    page = _Page(verdict)
    parts = [
        page.head(),
        _capped(page.problems(), "problems"),
        _capped(page.comparison(), "changes"),
        _capped(page.matrix(), "requirements"),
        _capped(page.waivers(), "waivers"),
        page.foot(),
    ]
    used = sum(len(part) + 2 for part in parts)
    parts.insert(4, page.findings(LONGEST - used - _ENDING))
    return "\n\n".join(part for part in parts if part) + "\n"


def _capped(lines: Iterable[str], what: str) -> str:
    """Lines up to the size of a part, and how many more there are."""
    kept: list[str] = []
    size = left = 0
    for line in lines:
        size += len(line) + 1
        if left or size > _PART:
            left += 1
        else:
            kept.append(line)
    if left:
        kept.extend(("", f"**{left} more lines of {what}** are not shown here."))
    return "\n".join(kept)


def _short(text: str, longest: int = _FIELD) -> str:
    """A text that is not longer than a field may be, cut before it is escaped."""
    left = len(text) - longest
    return text if left <= 0 else f"{text[:longest]} … ({left} more characters)"


class _Page:
    """One rendering; holds what every part needs."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.blocking = frozenset(verdict.blocking)
        self.changes = change_of(verdict)

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
        """The findings to act on, as many as there is room for."""
        groups = grouped(self.verdict.findings, (Status.FAIL, Status.UNKNOWN, Status.WAIVED))
        if not groups:
            return ""
        heading = f"### Findings: {counted(self.verdict)}"
        kept = [heading]
        size = len(heading)
        for number, group in enumerate(groups):
            entry = "\n".join(self.finding(group))
            size += len(entry) + 2
            if size > room:
                kept.append(_more(len(groups) - number))
                break
            kept.append(entry)
        return "\n\n".join(kept)

    def finding(self, group: tuple[Finding, ...]) -> Iterator[str]:
        finding = group[0]
        status = "/".join(dict.fromkeys(item.status.value for item in group))
        change = self.changes.get(key_of(finding))
        remarks = [status, finding.severity.value]
        if change in (Change.NEW, Change.REGRESSED):
            remarks.append(change.value)
        if finding.status is not Status.WAIVED and not self.blocking.intersection(group):
            remarks.append("does not block")
        yield "<details>"
        yield (
            f"<summary>{', '.join(remarks)}: {_html(finding.address)} {_html(finding.control)}"
            "</summary>"
        )
        yield ""
        if finding.waiver:
            yield f"- **waived** {inline(_short(finding.waiver))}"
        yield from _field("required", finding.required)
        for item in group:
            seen = "" if item.origin is Origin.PLAN else f" ({item.origin.value})"
            yield from _field("implemented", item.implemented, seen)
        yield from _field("impact", finding.impact)
        yield from _field("to resolve", finding.resolve)
        if place(finding):
            yield f"- **where** {code(_short(place(finding)))}"
        if finding.related:
            yield f"- **related** {code(_short(', '.join(finding.related)))}"
        yield f"- **fingerprint** {code(finding.fingerprint)}"
        for label, text, language in (
            ("Fix", finding.fix, "hcl"),
            ("With revet", finding.fix_construct, "python"),
        ):
            if text:
                yield from ("", f"{label}:", "", fenced(_short(text), language))
        yield from ("", "</details>")

    def waivers(self) -> Iterator[str]:
        if not (self.verdict.expired or self.verdict.unused):
            return
        yield from ("### Waivers to look at", "")
        for waiver in self.verdict.expired:
            yield _waiver("expired", waiver)
        for waiver in self.verdict.unused:
            yield _waiver("unused", waiver)

    def foot(self) -> str:
        p = self.verdict.provenance
        rests = [
            f"plan {code(short_hash(p.plan_hash))}" if p.plan_hash else "",
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
