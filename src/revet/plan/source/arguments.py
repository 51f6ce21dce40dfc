"""What functions and operators read of the values that they are given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from revet.plan.expression import (
    Expression,
    Literal,
    ObjectExpression,
    Template,
    TupleExpression,
)
from revet.plan.source.symbolic import EvaluationError, integer, items_of, text_of

Arguments: TypeAlias = Sequence[Expression]
MOST_ITEMS = 10_000
"""Elements that a function may make."""
_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


class NotKnown(Exception):  # noqa: N818 - an answer, no error
    """The result hangs on something that is not known."""


def list_of(value: Expression) -> tuple[Expression, ...]:
    """The elements of a list or set.

    Args:
        value: evaluated.

    Raises:
        EvaluationError: it is something else.
        NotKnown: it is not known.
    """
    match value:
        case TupleExpression(items):
            return items
        case Literal() | ObjectExpression() | Template():
            raise EvaluationError("not a list")
        case _:
            raise NotKnown


def members_of(value: Expression) -> dict[str, Expression]:
    """The members of a map or object, by name.

    Args:
        value: evaluated.

    Raises:
        EvaluationError: it is something else.
        NotKnown: it is not known.
    """
    match value:
        case ObjectExpression():
            items = items_of(value)
            if items is None:
                raise NotKnown
            return {str(key.value): item for key, item in items if isinstance(key, Literal)}
        case Literal() | TupleExpression() | Template():
            raise EvaluationError("not a map")
        case _:
            raise NotKnown


def string_of(value: Expression) -> str:
    """A known text.

    Args:
        value: evaluated.

    Raises:
        EvaluationError: it is something else.
        NotKnown: it is not known.
    """
    found = text_of(value)
    if isinstance(found, Literal):
        return str(found.value)
    raise NotKnown


def number_of(value: Expression) -> int | float:
    """A known number.

    Args:
        value: evaluated.

    Raises:
        EvaluationError: it is something else.
        NotKnown: it is not known.
    """
    match value:
        case Literal(bool() | None):
            raise EvaluationError("not a number")
        case Literal(int() | float() as known):
            return known
        case Literal(str() as text):
            if not _DECIMAL.fullmatch(text):
                raise EvaluationError("not a number")
            return int(text) if text.lstrip("-").isdecimal() else float(text)
        case TupleExpression() | ObjectExpression():
            raise EvaluationError("not a number")
        case _:
            raise NotKnown


def integer_of(value: Expression) -> int:
    """A known whole number.

    Args:
        value: evaluated.

    Raises:
        EvaluationError: it is something else.
        NotKnown: it is not known.
    """
    found = integer(value)
    if found is None:
        raise NotKnown
    return found


def tuple_of(items: Sequence[Expression]) -> TupleExpression:
    """A list of not too many elements.

    Args:
        items: its elements.

    Raises:
        NotKnown: they are too many.
    """
    if len(items) > MOST_ITEMS:
        raise NotKnown
    return TupleExpression(tuple(items))
