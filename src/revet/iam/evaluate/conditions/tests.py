"""From one compiled condition to a test of a context.

Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" (missing keys, negation,
`IfExists`, `Null`), "Set operators for multivalued context keys" (`ForAllValues`, `ForAnyValue`)
and "Conditions with multiple context keys or values" (values are alternatives, those of negated
operators joined by NOR).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.evaluate.conditions.arns import match_arn
from revet.iam.evaluate.conditions.match import Match
from revet.iam.evaluate.conditions.partly import match_partly
from revet.iam.evaluate.conditions.strings import match_string
from revet.iam.evaluate.conditions.values import match_value
from revet.iam.evaluate.context import REFERENCE, Context, Partly
from revet.iam.operators import Kind, Operator, Qualifier

Test: TypeAlias = Callable[[Context], bool | None]
"""Whether the condition holds; `None` when that is not known."""

_TEXTS = {Kind.STRING: match_string, Kind.ARN: match_arn}


def make_test(condition: CompiledCondition) -> Test:
    """The test of one condition."""
    used = condition.used
    if used is None or condition.problem:
        return lambda _: None
    if used.kind is Kind.NULL:
        return _null(condition)
    match = _TEXTS.get(used.kind, match_value)(condition, used)
    if used.qualifier is Qualifier.NONE:
        return _single(condition, match, used)
    return _several(condition, match, used)


def _partly(
    condition: CompiledCondition, used: Operator, value: Partly, context: Context
) -> bool | None:
    """Test one value of which a part is known: there, set operators make no difference."""
    found = match_partly(condition, used)(value, context)
    holds = found if not used.negated or found is None else not found
    return None if value.absent and holds is not condition.missing_holds else holds


def _null(condition: CompiledCondition) -> Test:
    key = condition.key
    wanted = {value.typed for value in condition.values}
    unread = None in wanted

    def test(context: Context) -> bool | None:
        value = context.get(key)
        if isinstance(value, Partly) and value.absent:
            return None
        absent = not value
        return True if absent in wanted else None if unread else False

    return test


def _single(condition: CompiledCondition, match: Match, used: Operator) -> Test:
    key, missing, negated = condition.key, condition.missing_holds, used.negated

    def test(context: Context) -> bool | None:
        value = context.get(key)
        if type(value) is not str:
            if isinstance(value, Partly):
                return _partly(condition, used, value, context)
            return None if value else missing
        if REFERENCE in value:
            return None
        found = match(value, context)
        return found if not negated or found is None else not found

    return test


def _several(condition: CompiledCondition, match: Match, used: Operator) -> Test:
    key, missing, negated = condition.key, condition.missing_holds, used.negated
    for_all = used.qualifier is Qualifier.FOR_ALL_VALUES

    def held(texts: tuple[str, ...], context: Context) -> bool | None:
        if not texts:
            return missing
        result: bool | None = for_all
        for text in texts:
            found = None if REFERENCE in text else match(text, context)
            if found is None:
                result = None
            elif (found is not negated) is not for_all:
                return not for_all
        return result

    def test(context: Context) -> bool | None:
        value = context.get(key)
        if not value:
            return missing
        if isinstance(value, Partly):
            return _partly(condition, used, value, context)
        texts = (value,) if isinstance(value, str) else value
        result = held(texts, context)
        if "" in texts and held(tuple(filter(None, texts)), context) is not result:
            return None  # no page says whether an empty one of several values counts
        return result

    return test
