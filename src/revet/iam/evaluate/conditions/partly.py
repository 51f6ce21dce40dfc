"""Conditions on values of which only a part is known.

What is known of the value is a set of texts; a condition that holds for all of them holds, one that
holds for none does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.values import ArnGlob
from revet.iam.evaluate.conditions.match import any_of
from revet.iam.evaluate.context import Context, Partly, fill_in
from revet.iam.globs import Glob
from revet.iam.operators import Kind, Operator

_COLONS = 5

PartlyMatch: TypeAlias = Callable[[Partly, Context], bool | None]
"""Whether the value is among the condition's values; `None`: is not known."""


def match_partly(condition: CompiledCondition, used: Operator) -> PartlyMatch:
    """Match for the operators that compare texts; for the others it is not known.

    Args:
        condition: the condition.
        used: its operator.
    """
    unresolved = used.negated  # as in the operators of whole values
    patterns = [
        value.typed for value in condition.values if isinstance(value.typed, Glob | ArnGlob)
    ]
    if used.kind not in (Kind.STRING, Kind.ARN) or len(patterns) < len(condition.values):
        return lambda *_: None

    def match(value: Partly, context: Context) -> bool | None:
        filled = [_filled(pattern, context) for pattern in patterns]
        if unresolved and None in filled:
            return True
        known = [pattern for pattern in filled if pattern is not None]
        answers = {_among(known, possible) for possible in value.among}
        return answers.pop() if len(answers) == 1 else None

    return match


class _Filled(NamedTuple):
    """A pattern with its variables filled in: one field, or the six of an ARN.

    Args:
        fields: the patterns.
        sure: whether all values are known.
    """

    fields: tuple[Glob, ...]
    sure: bool


def _filled(pattern: Glob | ArnGlob, context: Context) -> _Filled | None:
    """The pattern for a request; `None` when a variable has no value and no default."""
    fields = []
    sure = True
    for field in (pattern,) if isinstance(pattern, Glob) else pattern.fields:
        found, known = fill_in(field, context) if field.is_open else (field, True)
        if found is None:
            return None
        fields.append(found)
        sure = sure and known
    return _Filled(tuple(fields), sure)


def _among(patterns: list[_Filled], possible: Glob) -> bool | None:
    """Whether all texts of a set are among the patterns, or none is."""
    return any_of([_meets(pattern, possible) for pattern in patterns])


def _meets(pattern: _Filled, possible: Glob) -> bool | None:
    if len(pattern.fields) == 1:
        parts = [possible]
    else:
        texts = possible.prefix.split(":", _COLONS)
        if len(texts) <= _COLONS:
            return None
        parts = [Glob.literal(text) for text in texts[:_COLONS]]
        parts.append(Glob.of((texts[_COLONS], *possible.parts[1:])))
    pairs = list(zip(pattern.fields, parts, strict=True))
    if not all(field.overlaps(part) for field, part in pairs):
        return False
    covered = all(field.covers(part) for field, part in pairs)
    return (covered and pattern.sure) or None
