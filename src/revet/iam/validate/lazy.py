"""An attribute that is computed when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

_Value = TypeVar("_Value")


class lazy(Generic[_Value]):  # noqa: N801 - a decorator, as `functools.cached_property`
    """`functools.cached_property` without its lock, which costs more than most of the values.

    Args:
        compute: the method that computes it.
    """

    def __init__(self, compute: Callable[[Any], _Value]) -> None:
        self.compute = compute
        self.name = compute.__name__
        self.__doc__ = compute.__doc__

    def __get__(self, instance: object, owner: type[Any] | None = None) -> _Value:
        """Compute the value and put it in the place of this descriptor."""
        value = self.compute(instance)
        setattr(instance, self.name, value)
        return value
