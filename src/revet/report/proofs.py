"""Proofs in the report formats: each property, what became of it, and what that rests on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from revet.model.requirement import Evidence, Judged
from revet.model.verdict import Verdict
from revet.report.prose import cell, code, escaped, inline
from revet.report.words import one_line, seen

_INDENT = " " * 4


def proofs_in(verdict: Verdict) -> tuple[Evidence, ...]:
    """The evidence of proofs that the matrix rests on, in its order."""
    return tuple(
        item
        for row in verdict.matrix
        for one in row.cells
        if one.judged is Judged.PROOF
        for item in one.evidence
    )


def basis(item: Evidence) -> str:
    """What was seen, with the certificate that anybody can check."""
    return "; ".join(filter(None, (item.detail, _certificate(item))))


def _certificate(item: Evidence) -> str:
    return f"certificate `{item.certificate}`" if item.certificate else ""


def text_proofs(verdict: Verdict, width: int) -> Iterator[str]:
    """One paragraph a property, for a terminal or a log."""
    for item in proofs_in(verdict):
        yield one_line(f"proof  {item.requirement}  {item.source}: {item.status.value}{_at(item)}")
        yield from textwrap.wrap(
            one_line(item.detail),
            width,
            initial_indent=_INDENT,
            subsequent_indent=_INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )
        if item.certificate:
            yield one_line(f"{_INDENT}{_certificate(item)}")


def markdown_proofs(verdict: Verdict, longest: int) -> Iterator[str]:
    """A table of properties.

    Args:
        verdict: what was found out.
        longest: characters of what was seen that are shown.
    """
    found = proofs_in(verdict)
    if not found:
        return
    yield from ("### Proofs", "", "| requirement | property | result | seen |", "|---|---|---|---|")
    for item in found:
        said = basis(item)
        short = said if len(said) <= longest else f"{said[:longest]} …"
        cells = (
            code(item.requirement),
            code(item.source),
            escaped(f"{item.status.value}{_at(item)}"),
            inline(short),
        )
        yield "| " + " | ".join(map(cell, cells)) + " |"


def proof_properties(verdict: Verdict) -> list[dict[str, Any]]:
    """The same as JSON data, for formats that carry properties of a run."""
    return [
        {
            "requirement": item.requirement,
            "property": item.source,
            "result": item.status.value,
            "origin": item.origin.value,
            "seen": one_line(item.detail),
            "certificate": item.certificate,
        }
        for item in proofs_in(verdict)
    ]


def _at(item: Evidence) -> str:
    return seen(item.origin)
