"""Patch operations, by which every update of API Gateway is said.

moto reads them differently for each kind of object and drops what it does not know without a word;
it takes the text `false` for true. Here one reading serves all: each kind has a table of the paths
that it knows, and any other path is named as not modelled.

Source: API Gateway API reference, "PatchOperation" and "Patch Operations".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revet.embedded.call import Moto

Operation = Mapping[str, str]
"""`op`, `path`, and except for some removals `value`."""


@dataclass(frozen=True, slots=True)
class Field:
    """Where one path leads.

    Args:
        attribute: of moto's object.
        read: makes the value of a text.
        inside: of a map, what its values are made of by key; `""` for every other key.
        listed: whether it is a list, whose items are added and removed.
    """

    attribute: str
    read: Callable[[str], Any] = str
    inside: Mapping[str, Callable[[str], Any]] | None = None
    listed: bool = False


Fields = Mapping[str, Field]
"""First part of a path to where it leads."""


def flag(text: str) -> bool:
    """`true` or `false`."""
    return text.lower() == "true"


def number(text: str) -> int | None:
    """A whole number; an empty text takes it away."""
    return int(text) if text else None


def patch(target: Moto, fields: Fields, operations: Sequence[Operation]) -> None:
    """Apply operations to one of moto's objects.

    Args:
        target: the object.
        fields: what it knows.
        operations: in their order.

    Raises:
        NotImplementedError: an operation or a path that the table does not have.
    """
    for operation in operations:
        name, *rest = (unescape(part) for part in operation["path"].lstrip("/").split("/"))
        field = fields.get(name)
        if field is None or operation["op"] not in ("add", "replace", "remove"):
            raise NotImplementedError(f"`{operation['op']}` of `{operation['path']}`")
        if field.listed:
            _patch_list(target, field, operation, rest)
        elif field.inside is not None:
            _patch_map(target, field, operation, rest)
        elif rest:
            raise NotImplementedError(f"`{operation['op']}` of `{operation['path']}`")
        else:
            removed = operation["op"] == "remove"
            setattr(target, field.attribute, None if removed else field.read(operation["value"]))


def unescape(part: str) -> str:
    """One part of a path: `~1` stands for a slash, `~0` for a tilde."""
    return part.replace("~1", "/").replace("~0", "~")


def _patch_list(target: Moto, field: Field, operation: Operation, rest: Sequence[str]) -> None:
    """An item is named by the path's end, or by the value."""
    items = list(getattr(target, field.attribute, None) or [])
    named = "/".join(rest) if rest else operation.get("value", "")
    old = field.read(named)
    if operation["op"] == "add":
        items.append(old)
    else:
        items = [item for item in items if item != old]
        if operation["op"] == "replace":
            items.append(field.read(operation["value"]))
    setattr(target, field.attribute, items)


def _patch_map(target: Moto, field: Field, operation: Operation, rest: Sequence[str]) -> None:
    """Without a key the whole map is taken away."""
    values = dict(getattr(target, field.attribute, None) or {})
    key = "/".join(rest)
    if not key and operation["op"] != "remove":
        raise NotImplementedError(f"`{operation['op']}` of `{operation['path']}`")
    if operation["op"] == "remove":
        values = {name: value for name, value in values.items() if key and name != key}
    else:
        inside = field.inside or {}
        values[key] = (inside.get(key) or inside.get("") or str)(operation["value"])
    setattr(target, field.attribute, values)
