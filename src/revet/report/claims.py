"""Proofs and attacks in the report formats: what became of each, and what that rests on."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator
from typing import Any

from revet.model.requirement import Evidence, Judged
from revet.model.verdict import Verdict
from revet.report.prose import cell, code, escaped, inline
from revet.report.words import one_line, seen

_INDENT = " " * 4


CLAIMS = (Judged.PROOF, Judged.ATTACK)
"""The ways of judging whose evidence is shown piece by piece."""


def claims_in(verdict: Verdict, ways: Collection[Judged] = CLAIMS) -> tuple[Evidence, ...]:
    """The evidence of proofs and attacks that the matrix rests on, in its order."""
    return tuple(
        item
        for row in verdict.matrix
        for one in row.cells
        if one.judged in ways
        for item in one.evidence
    )


def basis(item: Evidence) -> str:
    """What was seen, with the certificate that anybody can check."""
    return "; ".join(filter(None, (item.detail, _certificate(item))))


def _certificate(item: Evidence) -> str:
    return f"certificate `{item.certificate}`" if item.certificate else ""


def text_claims(verdict: Verdict, width: int) -> Iterator[str]:
    """One paragraph a property or attack, for a terminal or a log."""
    for item in claims_in(verdict):
        named = f"{item.judged.label}  {item.requirement}  {item.source}"
        yield one_line(f"{named}: {item.status.value}{_at(item)}")
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


def markdown_claims(verdict: Verdict, longest: int) -> Iterator[str]:
    """A table of properties and attacks.

    Args:
        verdict: what was found out.
        longest: characters of what was seen that are shown.
    """
    found = claims_in(verdict)
    if not found:
        return
    yield from ("### Proofs and attacks", "")
    yield from ("| requirement | judged by | result | seen |", "|---|---|---|---|")
    for item in found:
        said = basis(item)
        short = said if len(said) <= longest else f"{said[:longest]} …"
        cells = (
            code(item.requirement),
            f"{item.judged.label} {code(item.source)}",
            escaped(f"{item.status.value}{_at(item)}"),
            inline(short),
        )
        yield "| " + " | ".join(map(cell, cells)) + " |"


def proofs_as_data(verdict: Verdict) -> list[dict[str, Any]]:
    """The proofs as JSON data, for formats that carry properties of a run."""
    return [
        {**_as_data(item, "property"), "certificate": item.certificate}
        for item in claims_in(verdict, (Judged.PROOF,))
    ]


def attacks_as_data(verdict: Verdict) -> list[dict[str, Any]]:
    """The attacks in the same form."""
    return [_as_data(item, "attack") for item in claims_in(verdict, (Judged.ATTACK,))]


def _as_data(item: Evidence, name: str) -> dict[str, Any]:
    return {
        "requirement": item.requirement,
        name: item.source,
        "result": item.status.value,
        "origin": item.origin.value,
        "seen": one_line(item.detail),
    }


def _at(item: Evidence) -> str:
    return seen(item.origin)
