"""What is wrong with a policy and where, in Access Analyzer's form; how a code is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from revet.iam.document_json import Position, Span
from revet.iam.policy_type import ALL, PolicyType
from revet.iam.validate.place import Path, Place
from revet.iam.validate.reading import UnreadableText
from revet.iam.validate.written import (
    WrittenAction,
    WrittenCondition,
    WrittenPolicy,
    WrittenPrincipal,
    WrittenResource,
    WrittenStatement,
)

OWN_PREFIX = "REVET_"
"""Codes that AWS does not have begin with it."""


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

    path: Path
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


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check found.

    Args:
        details: what is wrong and what to do.
        places: where, at least one.
    """

    details: str
    places: tuple[Place, ...]


Hits: TypeAlias = Iterator[Hit]

REFERENCE = "IAM User Guide, IAM policy validation check reference"
"""AWS's page of its codes."""

SUBJECTS: tuple[type[Any], ...] = (
    UnreadableText,
    WrittenPolicy,
    WrittenStatement,
    WrittenAction,
    WrittenResource,
    WrittenPrincipal,
    WrittenCondition,
)
"""What a rule can look at."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding code.

    Args:
        code: AWS's issue code, or ours.
        level: of all its findings.
        subject: the class of what it looks at.
        types: the policy types that it applies to.
        source: AWS documentation that says so.
        answers: how many findings of this kind Access Analyzer has on AWS's own policies; None for
            ten and more, and for our codes.
        find: the rule.
        needs: a text in lower case without which the rule finds nothing; empty when it always runs.
    """

    code: str
    level: Level
    subject: type[Any]
    types: frozenset[PolicyType]
    source: str
    answers: int | None
    find: Callable[[Any], Hits]
    needs: str = ""


_Rule = TypeVar("_Rule", bound=Callable[..., Hits])


def hit(details: str, *places: Place) -> Hit:
    """Say what is wrong at one or more places."""
    return Hit(details, places)


def check(
    level: Level,
    *,
    types: AbstractSet[PolicyType] = ALL,
    source: str = "",
    answers: int | None = 0,
    needs: str = "",
) -> Callable[[_Rule], _Rule]:
    """Declare a finding; the code is the rule's name in upper case.

    The annotation of the rule's argument, one of `SUBJECTS`, says what it is called with.

    Args:
        level: of its findings.
        types: policy types that it applies to.
        source: titles of the AWS documentation; those of AWS's codes come on top of `REFERENCE`,
            and are of the same guide unless they name another.
        answers: see `Check`.
        needs: a text in lower case that every policy with this finding holds; the rule is not asked
            where the policy's text, in lower case, lacks it.
    """

    def declare(rule: _Rule) -> _Rule:
        code = rule.__name__.upper()
        ours = code.startswith(OWN_PREFIX)
        annotation = next(iter(rule.__annotations__.values()))
        subject = next(kind for kind in SUBJECTS if kind.__name__ == annotation)
        titles = filter(None, (source,) if ours else (REFERENCE, source))
        rule.declared_check = Check(  # type: ignore[attr-defined]
            code,
            level,
            subject,
            frozenset(types),
            "; ".join(titles),
            None if ours else answers,
            rule,
            needs,
        )
        return rule

    return declare


LONGEST = 80
"""Characters of a value that a message shows."""


def quoted(text: str) -> str:
    """The value in backticks; long ones cut, unprintable characters escaped.

    Args:
        text: any string of a policy, possibly hostile: a megabyte long, or with lone surrogates.
    """
    return f"`{printable(text if len(text) <= LONGEST else f'{text[:LONGEST]}…')}`"


def printable(text: str) -> str:
    """The text with line breaks and other unprintable characters escaped."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)
