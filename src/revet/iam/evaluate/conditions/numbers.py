"""Numeric and Date operators: both compare numbers.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Numeric condition
operators" and "Date condition operators".
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from revet.iam.compiled import CompiledCondition
from revet.iam.compiled.values import read_instant, read_number
from revet.iam.evaluate.conditions.match import Match
from revet.iam.evaluate.context import Context
from revet.iam.operators import Operator, Relation

_COMPARE: dict[Relation, Callable[[Any, Any], bool]] = {
    Relation.EQUALS: operator.eq,
    Relation.LESS: operator.lt,
    Relation.LESS_EQUALS: operator.le,
    Relation.GREATER: operator.gt,
    Relation.GREATER_EQUALS: operator.ge,
}


def match_number(condition: CompiledCondition, used: Operator) -> Match:
    """Match for the Numeric operators."""
    return _match(condition, used, read_number)


def match_date(condition: CompiledCondition, used: Operator) -> Match:
    """Match for the Date operators."""
    return _match(condition, used, read_instant)


def _match(
    condition: CompiledCondition,
    used: Operator,
    read: Callable[[str], int | Decimal | None],
) -> Match:
    numbers = tuple(v.typed for v in condition.values if isinstance(v.typed, int | Decimal))
    compare = _COMPARE[used.relation]
    otherwise = None if len(numbers) < len(condition.values) else False

    def match(text: str, _: Context) -> bool | None:
        number = read(text)
        if number is None:
            return None
        for wanted in numbers:
            if compare(number, wanted):
                return True
        return otherwise

    return match
