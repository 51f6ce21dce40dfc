"""Text that others wrote, set into Markdown so that it stays text.

Addresses, names and messages may hold anything: HTML, links, mentions, table cells. What is
between backticks is set as code, as in all of our messages; everything else is escaped. Source:
GitHub Flavored Markdown, sections 2.4 (backslash escapes), 4.5 (fenced code), 6.3 (code spans).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from revet.report.words import block, one_line

_PUNCTUATION = re.compile(r"([!-/;-@\[-`{-~]|:(?=\S))")
_HARMLESS = frozenset(".,;'\"()/%=?$^-+")
_NEXT_TO_A_NAME = "\u200b"
"""A space without width: GitHub takes `@name` and `#12` in prose for a mention and a reference."""


def escaped(text: str) -> str:
    """A line of plain text as Markdown: nothing in it is markup, a link or a mention."""
    return _PUNCTUATION.sub(_escape, one_line(text))


def _escape(match: re.Match[str]) -> str:
    mark = match[1]
    if mark in "&<>":
        return {"&": "&amp;", "<": "&lt;", ">": "&gt;"}[mark]
    if mark in _HARMLESS:
        return mark
    return f"\\{mark}{_NEXT_TO_A_NAME}" if mark in "@#" else f"\\{mark}"


def code(text: str) -> str:
    """A line of text as a code span, whatever backticks it holds."""
    shown = one_line(text)
    if not shown.strip():
        return ""
    fence = "`" * (_longest_run(shown) + 1)
    padding = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def inline(text: str) -> str:
    """A line of ours with others' words in it: what is between backticks becomes code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # an odd number of backticks: nothing can be said about pairs
        return escaped(text)
    return "".join(code(part) if number % 2 else escaped(part) for number, part in enumerate(parts))


def cell(markdown: str) -> str:
    r"""Markdown of one line as a cell of a table: a pipe must be `\|` there, in code too."""
    return re.sub(r"(?<!\\)\|", r"\\|", markdown)


def fenced(text: str, language: str = "") -> str:
    """Text of several lines as a code block; its fence is longer than any in the text."""
    shown = block(text).strip("\n")
    fence = "`" * max(3, _longest_run(shown) + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)


def capped(lines: Iterable[str], what: str, longest: int) -> str:
    """Lines up to a size, and how many more there are.

    Args:
        lines: of Markdown.
        what: they are, for the line that counts those that are left out.
        longest: characters that they may take; that line comes on top.
    """
    kept: list[str] = []
    size = left = 0
    for line in lines:
        size += len(line) + 1
        if left or size > longest:
            left += 1
        else:
            kept.append(line)
    if left:
        kept.extend(("", f"**{left} more lines of {what}** are not shown here."))
    return "\n".join(kept)
