"""The paths of the elements of a list, and of the blocks of a kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.model.errors import UnknownValueError
from revet.plan.expression import TupleExpression
from revet.plan.provider_facts import computed_attributes
from revet.plan.resource import Resource
from revet.plan.terraform_types import terraform_type
from revet.plan.values import Computed, Undecided


def blocks(resource: Resource, path: str) -> tuple[str, ...]:
    """The paths of the elements under a path, `rule` → `rule.0`, `rule.1`, ….

    Args:
        resource: whose blocks.
        path: of a block or of a list.

    Returns:
        Nothing where the user wrote none.

    Raises:
        UnknownValueError: it is not known how many there are.
    """
    value = resource.get(path)
    if isinstance(value, Computed) and not _provider_may_fill(resource, path):
        raise UnknownValueError(
            value.path,
            why="the blocks come from a `dynamic` block that is known after apply",
            resolve="write the blocks out, or make the `for_each` known at plan time",
        )
    if not resource.is_set(path):
        return ()
    return tuple(f"{path}.{number}" for number in range(len(resource.get(path))))


def places(resource: Resource, path: str) -> tuple[str, ...]:
    """The paths that a path with `*` in place of blocks stands for; itself where it has none.

    Args:
        resource: whose attribute.
        path: `subnet_mapping.*.subnet_id`.

    Raises:
        UnknownValueError: it is not known how many blocks there are.
    """
    head, star, rest = path.partition(".*.")
    if not star:
        return (path,)
    return tuple(
        place for block in blocks(resource, head) for place in places(resource, f"{block}.{rest}")
    )


def each_value(resource: Resource, path: str) -> Iterator[Any]:
    """What an attribute says, each element of a list by itself, of each block that has it.

    Args:
        resource: whose attribute.
        path: of the attribute, `*` in it for each block.

    Raises:
        UnknownValueError: it is not known how many blocks there are.
    """
    for place in places(resource, path):
        value = resource.get(place)
        yield from value if isinstance(value, list) else (value,)


def _provider_may_fill(resource: Resource, path: str) -> bool:
    names = ".".join(word for word in path.split(".") if not word.isdigit())
    filled = terraform_type(resource.type).filled
    return names.partition(".")[0] in filled or names in computed_attributes().get(
        resource.type, ()
    )


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
