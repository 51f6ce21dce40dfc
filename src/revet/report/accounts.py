"""The accounts of an audit, the same in all formats: whether each was read, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from revet.model.account_read import AccountRead, Reach
from revet.model.finding import Finding, Status
from revet.model.verdict import Verdict
from revet.report.prose import cell, code, escaped, inline
from revet.report.words import COUNTED, one_line

_COUNTED = {status: word for status, word in COUNTED.items() if status is not Status.NOT_EXERCISED}
HEADINGS = ("account", "name", "read", *_COUNTED.values(), "calls", "time", "through")
OWN = "own credentials"


@dataclass(frozen=True, slots=True)
class Row:
    """One account and what was found in it.

    Args:
        read: the account.
        counts: of findings, in the order of `HEADINGS`.
    """

    read: AccountRead
    counts: tuple[int, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """One text for each of `HEADINGS`."""
        read = self.read
        there = read.reach is Reach.READ
        return (
            read.account,
            read.name,
            "yes" if there else read.reach.value,
            *(str(number) if read.reach is not Reach.SKIPPED else "" for number in self.counts),
            str(read.calls) if there else "",
            f"{read.seconds:.1f} s" if there else "",
            read.role or (OWN if read.reach is not Reach.SKIPPED else read.why),
        )


def account_rows(verdict: Verdict) -> tuple[Row, ...]:
    """The accounts of an audit of several, in the order of their ids; empty otherwise."""
    counts: dict[str, Counter[Status]] = {}
    for finding in verdict.findings:
        counts.setdefault(finding.account, Counter())[finding.status] += 1
    return tuple(
        Row(read, tuple(counts.get(read.account, Counter())[status] for status in _COUNTED))
        for read in verdict.provenance.accounts
    )


def unread(verdict: Verdict) -> frozenset[str]:
    """Ids of the accounts that were to be read and could not be."""
    accounts = verdict.provenance.accounts
    return frozenset(read.account for read in accounts if read.reach is Reach.NOT_READ)


def is_of(findings: Iterable[Finding], accounts: frozenset[str]) -> bool:
    """Whether all findings are of some accounts, of which nothing else is known."""
    return {finding.account for finding in findings} <= accounts


def text_rows(verdict: Verdict) -> Iterator[str]:
    """A table for a terminal; the first line is its heading."""
    rows = [HEADINGS, *(tuple(map(one_line, row.cells)) for row in account_rows(verdict))]
    if len(rows) == 1:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def markdown_rows(verdict: Verdict) -> Iterator[str]:
    """A table in Markdown, with its heading."""
    rows = account_rows(verdict)
    if not rows:
        return
    read = sum(row.read.reach is Reach.READ for row in rows)
    yield from (f"### Accounts: {read} of {len(rows)} read", "")
    yield f"| {' | '.join(HEADINGS)} |"
    yield "|---" * len(HEADINGS) + "|"
    for row in rows:
        account, name, reach, *counts, role = row.cells
        cells = (
            code(account),
            escaped(name),
            reach if row.read.reach is Reach.READ else f"**{reach}**",
            *counts,
            code(role) if row.read.role else inline(role),
        )
        yield "| " + " | ".join(cell(text) for text in cells) + " |"
