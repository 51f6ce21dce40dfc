"""Which value of `for_each` an instance was made from."""

from __future__ import annotations

from revet.plan.address import Index, parse_instance
from revet.plan.configuration import Scope
from revet.plan.expression import (
    Derived,
    Expression,
    Literal,
    ObjectExpression,
    Opaque,
    TupleExpression,
    references,
)


def index_of(value: Literal) -> Index:
    """The key or number that a value is as an index; `None` for what is none."""
    found = value.value
    return found if isinstance(found, str | int) else None


def is_set(found: Expression, index: Index) -> bool:
    """Whether `for_each` is over a list that was made a set: each value is its own key."""
    items = found.items if isinstance(found, TupleExpression) else ()
    values = [item.value for item in items if isinstance(item, Literal)]
    return index in values and len(values) == len(items)


def member(known: ObjectExpression, scope: Scope) -> Expression:
    """The value that an instance was made from, of a map that is written out."""
    for name, value in known.members:
        if isinstance(name, Literal) and name.value == scope.index:
            return value
    return Opaque("each.value", references(known))


def with_key(expression: Expression, scope: Scope) -> Expression:
    """Of several instances of one resource, the one with the same key: `for_each` was chained."""
    if not isinstance(expression, Opaque) or expression.text:
        return expression
    parts = [parse_instance(text) for text in expression.references]
    if len({(base, attribute) for base, _, attribute in parts}) != 1:
        return expression
    own = [
        text
        for text, part in zip(expression.references, parts, strict=True)
        if part[1] == scope.index
    ]
    return Derived(own[0]) if len(own) == 1 else expression
