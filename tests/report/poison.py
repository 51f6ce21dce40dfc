"""Verdicts in which every text is an attack."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from revet.model.account_read import AccountRead
from revet.model.finding import SourceLine
from revet.model.verdict import Verdict

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


def poison(item: Record, text: str) -> Record:
    """Put a text into every text field of a record."""
    changes: dict[str, Any] = {}
    for field in fields(item):
        value = getattr(item, field.name)
        if type(value) is str:
            changes[field.name] = text
        elif isinstance(value, tuple) and all(type(part) is str for part in value):
            changes[field.name] = (text,)
        elif isinstance(value, SourceLine):
            changes[field.name] = SourceLine(text, value.line)
    return replace(item, **changes)


def poisoned(verdict: Verdict, text: str) -> Verdict:
    """The same verdict with one text everywhere; keys of tables too."""
    comparison = verdict.comparison
    return replace(
        verdict,
        provenance=replace(
            poison(replace(verdict.provenance, accounts=()), text),
            notes={text: text},
            versions={text: text},
            accounts=(poison(AccountRead(""), text),),
        ),
        findings=tuple(poison(item, text) for item in verdict.findings),
        requirements=(poison(verdict.requirements[0], text),),
        evidence=tuple(poison(item, text) for item in verdict.evidence),
        controls=tuple(poison(item, text) for item in verdict.controls),
        problems=(text,),
        expired=tuple(poison(item, text) for item in verdict.expired),
        unused=tuple(poison(item, text) for item in verdict.unused),
        not_looked_at={text: (text,)},
        frameworks=tuple(
            replace(poison(one, text), rows=tuple(poison(row, text) for row in one.rows))
            for one in verdict.frameworks
        ),
        comparison=comparison
        and replace(
            poison(comparison, text),
            changes=tuple(poison(item, text) for item in comparison.changes),
        ),
    )
