"""ARN operators.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Amazon Resource Name (ARN)
condition operators": the six fields are compared one by one, with wildcards, in all four operators.
"""

from __future__ import annotations

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.values import ArnGlob
from revet.iam.evaluate.conditions.match import Match, any_of
from revet.iam.evaluate.context import Context, fill_in
from revet.iam.globs import matcher
from revet.iam.operators import Operator

_FIELDS = 6


def match_arn(condition: CompiledCondition, used: Operator) -> Match:
    """Match for the ARN operators."""
    patterns = [value.typed for value in condition.values if isinstance(value.typed, ArnGlob)]
    closed = tuple(
        tuple(
            (at, matcher(field))
            for at, field in enumerate(pattern.fields)
            if not field.is_everything
        )
        for pattern in patterns
        if not pattern.is_open
    )
    opened = tuple(pattern for pattern in patterns if pattern.is_open)
    unread = len(patterns) < len(condition.values)
    unresolved = used.negated

    def match(text: str, context: Context) -> bool | None:
        arn = text.split(":", _FIELDS - 1)
        if len(arn) != _FIELDS or arn[0] != "arn":
            return None
        for fields in closed:
            if all(matches(arn[at]) for at, matches in fields):
                return True
        answers = [_opened(pattern, arn, context, unresolved) for pattern in opened]
        return any_of([*answers, None] if unread else answers)

    return match


def _opened(
    pattern: ArnGlob,
    arn: list[str],
    context: Context,
    unresolved: bool,  # noqa: FBT001 - positional on a hot path
) -> bool | None:
    surely = same = True
    for field, text in zip(pattern.fields, arn, strict=True):
        filled, sure = fill_in(field, context) if field.is_open else (field, True)
        if filled is None:  # whatever the other fields hold: the statement matches nothing
            return unresolved
        same = same and filled.matches(text)
        surely = surely and sure
    return same and (surely or None)
