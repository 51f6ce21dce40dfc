"""What single values say: whether anybody can see a text, and whether AWS has such a value."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from revet.model.finding import quoted
from revet.plan import Resource, Undecided

_Value = TypeVar("_Value", int, str)


def says_something(text: str) -> bool:
    """Whether there is a character that can be seen: blanks and control characters say nothing."""
    return any(one.isprintable() and not one.isspace() for one in text)


def one_of(
    resource: Resource,
    path: str,
    values: Collection[_Value],
    why: str,
    *,
    default: _Value | None = None,
) -> _Value:
    """The value of an attribute for which AWS has only some.

    Args:
        resource: whose attribute.
        path: of the attribute.
        values: all that AWS has; a range of numbers is shown by its ends.
        why: what is said of another, `{}` for the value: "S3 has no algorithm `{}`".
        default: what AWS takes where nothing is written.

    Raises:
        UnknownValueError: it is not known, or AWS has no such value: nobody knows what that does.
    """
    found = resource.get(path)
    if default is not None and not found:
        return default
    if _is_among(found, values):
        return found  # type: ignore[no-any-return]
    said = ascii(found).removeprefix("'").removesuffix("'")
    raise resource.doubt(path, why.format(said), f"write {_shown(values)}")


def _shown(values: Collection[object]) -> str:
    if isinstance(values, range):
        return f"{values[0]} to {values[-1]}"
    return f"one of {quoted(one for one in values if one)}"


def _is_among(found: object, values: Collection[object]) -> bool:
    """Whether a value is one of some; `in` goes through all of a range for what is no integer."""
    if isinstance(values, range) and not isinstance(found, (int, Undecided)):
        return isinstance(found, float) and found.is_integer() and int(found) in values
    return found in values
