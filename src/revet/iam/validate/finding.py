"""What is wrong with a policy, and where: the shape of Access Analyzer's findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from revet.iam.document_json import Position, Span

OWN_PREFIX = "REVET_"
"""Codes that AWS does not have begin with it."""

Part: TypeAlias = tuple[str, str | int | tuple[int, int]]
"""One step of a path: `("value", member)`, `("index", n)`, `("key", member)` for the member's name
itself, or `("substring", (start, length))` for a stretch of a string."""


class Level(StrEnum):
    """AWS's `findingType`."""

    ERROR = "ERROR"
    SECURITY_WARNING = "SECURITY_WARNING"
    WARNING = "WARNING"
    SUGGESTION = "SUGGESTION"


@dataclass(frozen=True, slots=True)
class Location:
    """One place in a policy.

    Args:
        path: steps from the document to the value; empty for the document itself.
        span: where the value stands in the text.
    """

    path: tuple[Part, ...]
    span: Span

    def as_dict(self) -> dict[str, Any]:
        """Access Analyzer's JSON form."""
        return {
            "path": [_part(kind, value) for kind, value in self.path],
            "span": {"start": _position(self.span.start), "end": _position(self.span.end)},
        }


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """One finding.

    Args:
        code: AWS's issue code, or ours with `OWN_PREFIX`.
        level: how bad it is.
        details: what is wrong and what to do, in one or two sentences.
        locations: where, at least one place.
    """

    code: str
    level: Level
    details: str
    locations: tuple[Location, ...]

    def as_dict(self) -> dict[str, Any]:
        """Access Analyzer's JSON form."""
        return {
            "findingType": str(self.level),
            "issueCode": self.code,
            "findingDetails": self.details,
            "locations": [location.as_dict() for location in self.locations],
        }


def _part(kind: str, value: object) -> dict[str, Any]:
    if isinstance(value, tuple):
        start, length = value
        return {kind: {"start": start, "length": length}}
    return {kind: value}


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column, "offset": position.offset}
