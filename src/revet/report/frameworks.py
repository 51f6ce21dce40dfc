"""What the formats say of the rows of frameworks: the counts first, then row by row."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from revet.model.finding import Status
from revet.model.framework import (
    ControlAnswer,
    FrameworkResult,
    RowResult,
    RowStatus,
    framework_results,
)
from revet.model.verdict import Verdict
from revet.report.prose import capped, cell, code, escaped, inline
from revet.report.words import COUNTED, one_line

CAVEAT = "supported means that every control of ours about a row ran and passed, not that it is met"
"""Stands under every table of a framework."""

NOT_COVERED = "not covered yet, no control is about it"
_DID_NOT_RUN = "not looked at, its controls did not run"

_MARKS = {
    RowStatus.FAILED: "❌ failed",
    RowStatus.UNKNOWN: "❓ unknown",
    RowStatus.NOT_EXERCISED: "⚪ not exercised",
    RowStatus.WAIVED: "📝 waived",
    RowStatus.SUPPORTED: "✅ supported",
    RowStatus.NOT_LOOKED_AT: "not looked at",
    RowStatus.OUT_OF_SCOPE: "out of scope",
}
_COLOURS = {
    RowStatus.FAILED: "31",
    RowStatus.UNKNOWN: "33",
    RowStatus.NOT_EXERCISED: "36",
    RowStatus.WAIVED: "35",
    RowStatus.SUPPORTED: "32",
    RowStatus.NOT_LOOKED_AT: "36",
    RowStatus.OUT_OF_SCOPE: "36",
}
_BY_ID = (RowStatus.NOT_LOOKED_AT, RowStatus.OUT_OF_SCOPE)
"""Rows that a terminal lists by their ids alone."""

_SHORTEST_TEXT = 20
_COUNT = 100
"""Kept free for the line that counts what does not fit."""


def counted_rows(item: FrameworkResult) -> str:
    """How many rows have each status, as `2 failed, 5 supported, 56 not looked at, of 63`."""
    parts = [f"{number} {status.value}" for status, number in item.counts.items() if number]
    return f"{', '.join(parts) or 'no rows'}, of {len(item.rows)}"


def evidence_of(row: RowResult) -> str:
    """What each control that is about a row said, by what was looked at, or why none did."""
    said = [f"`{answer.control}`: {_said(answer)}" for answer in row.evidence]
    said += [f"`{control}`: did not run" for control in row.not_run]
    return "; ".join(said) or row.row.outside or NOT_COVERED


def rows_by_reason(item: FrameworkResult) -> dict[str, list[RowResult]]:
    """The rows that nothing speaks for or against, by the reason, as a reader has to know it."""
    found: dict[str, list[RowResult]] = {}
    for row in item.rows:
        if row.status is RowStatus.OUT_OF_SCOPE:
            found.setdefault(f"{row.status.value}, {row.row.outside}", []).append(row)
        elif row.status is RowStatus.NOT_LOOKED_AT:
            found.setdefault(_DID_NOT_RUN if row.not_run else NOT_COVERED, []).append(row)
    return dict(sorted(found.items(), key=lambda entry: entry[1][0].status is _BY_ID[1]))


def _said(answer: ControlAnswer) -> str:
    said = []
    for origin, found in answer.by_origin.items():
        counts = ", ".join(
            f"{found[status]} {word}"
            for status, word in COUNTED.items()
            if status is not Status.NOT_EXERCISED and status in found
        )
        if counts:
            said.append(f"{counts} ({origin.value})")
    return ", ".join(said) or "judged nothing"


def text_frameworks(verdict: Verdict, width: int, *, color: bool = False) -> Iterator[list[str]]:
    """Each framework for a terminal: what was looked at row by row, the rest by reason and id.

    Args:
        verdict: what was found out.
        width: columns into which lines are wrapped.
        color: whether to use ANSI colours.

    Yields:
        The lines of one framework.
    """
    for item in framework_results(verdict):
        yield list(_text(item, width, color=color))


def _text(item: FrameworkResult, width: int, *, color: bool) -> Iterator[str]:
    def paint(text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if color else text

    found = item.framework
    name = one_line(f"{found.title} {found.version}")
    yield f"{paint(name, '1')}: {counted_rows(item)}"
    shown = [row for row in item.rows if row.status not in _BY_ID]
    longest = max((len(one_line(row.row.id)) for row in shown), default=0)
    widest = max((len(row.status.value) for row in shown), default=0)
    indent = " " * (longest + widest + 6)
    room = max(width, len(indent) + _SHORTEST_TEXT)
    for row in shown:
        mark = paint(f"{row.status.value:<{widest}}", _COLOURS[row.status])
        title = textwrap.shorten(
            one_line(row.row.title), width=room - len(indent), placeholder=" …"
        )
        yield f"  {one_line(row.row.id):<{longest}}  {mark}  {title}"
        yield from _wrapped(evidence_of(row).replace("`", ""), room, indent, indent)
    for why, rows in rows_by_reason(item).items():
        ids = ", ".join(row.row.id for row in rows)
        yield from _wrapped(f"{why}: {ids}", room, "  ", "    ")
    yield f"  {CAVEAT}"


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        one_line(text),
        width=width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def markdown_frameworks(verdict: Verdict, room: int) -> Iterator[str]:
    """Each framework as GitHub Flavored Markdown: a table, the counts in its heading.

    Args:
        verdict: what was found out.
        room: characters that all of them may take.

    Yields:
        One framework, what fails first and what was not looked at last; what does not fit is
        counted.
    """
    frameworks = framework_results(verdict)
    for item in frameworks:
        yield capped(_markdown(item), "rows", room // len(frameworks) - _COUNT)


def _markdown(item: FrameworkResult) -> Iterator[str]:
    found = item.framework
    yield f"### {escaped(f'{found.title} {found.version}')}: {counted_rows(item)}"
    yield from ("", f"{escaped(CAVEAT[:1].upper() + CAVEAT[1:])}.")
    yield from ("", "| row | status | asks for | evidence |", "|---|---|---|---|")
    for status in RowStatus:
        for row in item.rows:
            if row.status is status:
                cells = (
                    code(row.row.id),
                    _MARKS[status],
                    inline(row.row.title),
                    inline(evidence_of(row)),
                )
                yield "| " + " | ".join(cell(text) for text in cells) + " |"
