"""Frozen dataclasses as JSON data and back, by the types that they declare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, partial
from operator import attrgetter, methodcaller
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

_PLAIN = frozenset({str, int, float, bool, NoneType})


def as_data(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """A value as JSON data: a dataclass as an object of its fields, a date in ISO 8601."""
    kind: Any = type(value)
    return value if kind in _PLAIN else _written(kind)(value)


@cache
def _written(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - a type
    """How the values of a type become JSON data."""
    if is_dataclass(kind):
        return partial(_record, tuple(item.name for item in fields(kind)))
    if issubclass(kind, Enum):
        return attrgetter("_value_")  # `value` takes several times as long
    if issubclass(kind, Mapping):
        return lambda value: {as_data(key): as_data(item) for key, item in value.items()}
    if issubclass(kind, tuple | list):
        return lambda value: [as_data(item) for item in value]
    return methodcaller("isoformat") if issubclass(kind, dt.date) else lambda value: value


def _record(names: tuple[str, ...], value: object) -> dict[str, Any]:
    found = {name: getattr(value, name) for name in names}
    for name, item in found.items():
        if type(item) not in _PLAIN:
            found[name] = as_data(item)
    return found


def from_data(kind: Any, data: Any, name: str = "") -> Any:  # noqa: ANN401 - any type, any JSON value
    """The inverse of `as_data`.

    Args:
        kind: a dataclass, an enum, a date, a plain type, or tuples, mappings and options of them.
        data: JSON data; of an object, what is not a field is passed over, and a field that is
            missing has its default.
        name: of the field, for messages.

    Raises:
        TypeError: a value of another type, or a missing field without a default.
        ValueError: a value that the enum or the calendar does not have.
    """
    if kind is Any or type(data) is kind:
        return data
    if get_origin(kind) is None:
        return _one(kind, data, name)
    inner = get_args(kind)
    if NoneType in inner:
        return None if data is None else from_data(inner[0], data, name)
    if get_origin(kind) is tuple:
        return tuple(from_data(inner[0], item, name) for item in _of(list, data, name))
    return {key: from_data(inner[1], item, key) for key, item in _of(dict, data, name).items()}


def _one(kind: type, data: object, name: str) -> object:
    if is_dataclass(kind):
        given = _of(dict, data, name)
        types = _types(kind)
        return kind(
            **{key: from_data(types[key], given[key], key) for key in types if key in given}
        )
    if issubclass(kind, Enum):
        return kind(data)
    if kind is dt.date:
        return dt.date.fromisoformat(_of(str, data, name))
    return _of(kind, data, name)


def _of(kind: type, data: Any, name: str) -> Any:  # noqa: ANN401 - as `from_data`
    if type(data) is not kind and not (kind is float and type(data) is int):
        message = f"`{name}` is `{data}`"
        raise TypeError(message)
    return data


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
