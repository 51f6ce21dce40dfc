"""Conditions on values of which only a part is known.

What is known of the value is a set of texts; a condition that holds for all of them holds, one that
holds for none does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from revet.iam.compiled import ArnGlob, CompiledCondition
from revet.iam.evaluate.context import Partly
from revet.iam.globs import Glob
from revet.iam.operators import Kind

_COLONS = 5

PartlyMatch: TypeAlias = Callable[[Partly], bool | None]
"""Whether the value is among the condition's values; `None`: cannot be told."""


def match_partly(condition: CompiledCondition, kind: Kind) -> PartlyMatch:
    """Match for the operators that compare texts; for the others it cannot be told.

    Args:
        condition: the condition.
        kind: of its operator.
    """
    patterns = [
        value.typed for value in condition.values if isinstance(value.typed, Glob | ArnGlob)
    ]
    if kind not in (Kind.STRING, Kind.ARN) or len(patterns) < len(condition.values):
        return lambda _: None

    def match(value: Partly) -> bool | None:
        answers = {_among(patterns, possible) for possible in value.among}
        return answers.pop() if len(answers) == 1 else None

    return match


def _among(patterns: list[Glob | ArnGlob], possible: Glob) -> bool | None:
    """Whether all texts of a set are among the patterns, or none is."""
    answers = {_meets(pattern, possible) for pattern in patterns}
    return True if True in answers else None if None in answers else False


def _meets(pattern: Glob | ArnGlob, possible: Glob) -> bool | None:
    if isinstance(pattern, Glob):
        return _glob_meets(pattern, possible)
    fields = possible.prefix.split(":", _COLONS)
    if len(fields) <= _COLONS:
        return None
    *head, resource = pattern.fields
    answers: set[bool | None] = {
        _glob_meets(field, Glob.literal(text)) for field, text in zip(head, fields, strict=False)
    }
    rest = Glob.of((fields[_COLONS], *possible.parts[1:]))
    answers.add(_glob_meets(resource, rest))
    return False if False in answers else None if None in answers else True


def _glob_meets(pattern: Glob, possible: Glob) -> bool | None:
    if not pattern.is_open and pattern.covers(possible):
        return True
    return None if pattern.overlaps(possible) else False
