"""The kind of each attribute of the AWS provider's resources, and values that are of another kind.

Terraform converts what is written to the type in the provider's schema before it plans, so that a
plan and a state hold a truth value where the schema has `bool`, never the text `"true"`.

Source: `terraform providers schema -json` of the AWS provider 5.100.0, as
`scripts/update_attribute_kinds.py` writes it to `data/attribute_kinds.txt`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from revet.plan.shape import kind_of

_TABLE = Path(__file__).parent / "data" / "attribute_kinds.txt"
_WORDS = {"s": "text", "n": "a number", "b": "a truth value"}
_TYPES = {"s": (str,), "n": (int, float), "b": (bool,)}

Kind: TypeAlias = Any
"""`s`, `n`, `b` or `?`; a pair of `[` (list, set) or `{` (map) and the kind of its elements; a dict
of attribute to kind for an object."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value of another kind than the schema gives.

    Args:
        path: attribute path.
        got: the value in words.
        expected: the kind in words.
    """

    path: str
    got: str
    expected: str


def misfit(mode: str, kind: str, values: dict[str, Any], unknown: object) -> Misfit | None:
    """The first value of a resource that is of another kind than the schema gives.

    `null` fits everywhere but as an element of a list or set, where only what is not known yet is
    written so. Attributes and types that the table does not have are not checked.

    Args:
        mode: `managed` or `data`.
        kind: Terraform type.
        values: attribute to value.
        unknown: marks of what is unknown.
    """
    shape = attribute_kinds(kind if mode == "managed" else f"{mode}.{kind}")
    if shape is None:
        return None
    found = _wrong(shape, values, unknown)
    if found is None:
        return None
    got, expected, *steps = found
    return Misfit(".".join(reversed(steps)), got, expected)


def made_for() -> str:
    """The provider and its version that the table was made for."""
    return _text()[2:].split(",", 1)[0]


@cache
def attribute_kinds(name: str) -> Kind | None:
    """The kinds of a type's attributes; `None` for a type that the table does not have.

    Args:
        name: Terraform type, with `data.` in front for a data source.
    """
    text = _line(name)
    return None if text is None else _parse(text, 0)[0]


def attribute_kind(name: str, path: str) -> Kind | None:
    """The kind of one attribute; `None` where the table does not have it.

    Args:
        name: as for `attribute_kinds`.
        path: attribute path, list indices included.
    """
    kind = attribute_kinds(name)
    for step in path.split("."):
        if isinstance(kind, tuple):
            opening, kind = kind
            if opening == "{" or step.isdigit():
                continue
        kind = kind.get(step) if isinstance(kind, dict) else None
    return kind


def _line(name: str) -> str | None:
    table = _text()
    start = table.find(f"\n{name} ")
    if start < 0:
        return None
    start += len(name) + 2
    return table[start : table.index("\n", start)]


@cache
def _text() -> str:
    return _TABLE.read_text(encoding="ascii")


@cache
def _shared(name: str) -> Kind:
    return _parse(_line(name) or "", 0)[0]


def _parse(text: str, at: int) -> tuple[Kind, int]:
    """One kind, and where it ends: `s`, `[s`, `{s`, `@12`, `(s arn,id;[s names;b enabled)`."""
    first = text[at]
    if first in "[{":
        inner, end = _parse(text, at + 1)
        return (first, inner), end
    if first == "@":
        end = at + 1
        while end < len(text) and text[end].isdigit():
            end += 1
        return _shared(text[at:end]), end
    if first != "(":
        return first, at + 1
    members: dict[str, Kind] = {}
    if text[at + 1] == ")":
        return members, at + 2
    while text[at] != ")":
        kind, end = _parse(text, at + 1)
        at = min(found for found in (text.find(";", end), text.find(")", end)) if found > 0)
        members.update(dict.fromkeys(text[end + 1 : at].split(","), kind))
    return members, at + 1


def _wrong(kind: Kind, value: object, marks: object) -> list[str] | None:
    """What is wrong: got, expected, and the steps to it, last first; `None` when nothing is."""
    if isinstance(kind, str):
        if kind == "?" or type(value) in _TYPES[kind]:
            return None
        return [kind_of(value), _WORDS[kind]]
    if isinstance(kind, dict):
        return _wrong_object(kind, value, marks)
    opening, inner = kind
    return _wrong_map(inner, value, marks) if opening == "{" else _wrong_list(inner, value, marks)


def _wrong_object(kinds: dict[str, Kind], value: object, marks: object) -> list[str] | None:
    if not isinstance(value, dict):
        return [kind_of(value), "an object"]
    if kinds and not value and not marks:
        return ["an empty object", "its attributes, those without value as null"]
    marked = marks if isinstance(marks, dict) else {}
    for name, item in value.items():
        if item is None:
            continue
        kind = kinds.get(name)
        if kind is None:
            continue
        found = _wrong(kind, item, marked.get(name))
        if found is not None:
            found.append(name)
            return found
    return None


def _wrong_map(inner: Kind, value: object, marks: object) -> list[str] | None:
    if not isinstance(value, dict):
        return [kind_of(value), "an object (a map)"]
    return _wrong_object(dict.fromkeys(value, inner), value, marks)


def _wrong_list(inner: Kind, value: object, marks: object) -> list[str] | None:
    if not isinstance(value, list):
        return [kind_of(value), "a list"]
    marked = marks if isinstance(marks, list) else ()
    for number, item in enumerate(value):
        mark = marked[number] if number < len(marked) else None
        if item is None:
            found = None if mark is True else ["null", "no null, as nothing is unknown here"]
        else:
            found = _wrong(inner, item, mark)
        if found is not None:
            found.append(str(number))
            return found
    return None
