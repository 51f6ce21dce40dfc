"""The elements of a list that is not known as a whole."""

from __future__ import annotations

from revet.plan.expression import TupleExpression
from revet.plan.resource import Resource
from revet.plan.values import Undecided


def elements(resource: Resource, path: str) -> tuple[str, ...]:
    """The paths of a list's elements, also where only some of them are known.

    Args:
        resource: whose list.
        path: of the list, of scalars.

    Returns:
        Nothing where the user wrote none.

    Raises:
        UnknownValueError: it is not known how many there are.
    """
    value = resource.get(path)
    count = 0
    if not isinstance(value, Undecided):
        count = len(value or ())
    elif isinstance(written := resource.expression(path), TupleExpression):
        count = len(written.items)
    elif resource.is_set(path):
        value.refuse()
    return tuple(f"{path}.{number}" for number in range(count))
