"""Terraform addresses: taking them apart.

Source: Terraform, "Resource addressing" and "JSON output format" (`references`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

Index: TypeAlias = int | str | None

_STEP = re.compile(
    r'\.?([A-Za-z_][A-Za-z0-9_-]*)|\.([0-9]+)|\[([0-9]+)\]|\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]'
)
_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_INDEX = r'\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]'
_INSTANCE = re.compile(
    rf"((?:module\.{_NAME}(?:{_INDEX})?\.)*(?:data\.)?{_NAME}\.{_NAME})({_INDEX})?(?:\.(.*))?$",
    re.DOTALL,
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_LONG = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPE = re.compile(r"\\(?:([^uU])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|([$%])\4\{")
_TEMPLATE = re.compile(r"([$%])\{")
_BASIC_PLANE = 0xFFFF


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference of an expression, taken apart.

    Args:
        root: `resource`, `data`, `module`, `var`, `local`, `each`, `count`, or another first word.
        name: `type.name`, `data.type.name`, `module.name`, `var.name`; for other roots the text.
        index: the constant index behind the name, if any.
        key: the expression in the index brackets when it is no constant (`each.key`).
        attribute: what follows, `arn` or `rule.0.id`; for a module the output first.
    """

    root: str
    name: str
    index: Index = None
    key: str = ""
    attribute: str = ""


@lru_cache(maxsize=4096)
def split(text: str) -> tuple[tuple[str, Index, str], ...]:
    """Take a traversal apart into (word, index, key): the index is what follows in brackets.

    Args:
        text: for example `module.m["a"].aws_s3_bucket.b[each.key].arn`.
    """
    steps: list[tuple[str, Index, str]] = []
    for match in _STEP.finditer(text):
        word, digits, number, quoted, key = match.groups()
        if word is not None:
            steps.append((word, None, ""))
        elif digits is not None:
            steps.append((digits, None, ""))
        elif steps:
            constant: Index = int(number) if number is not None else quoted and _unescaped(quoted)
            previous = steps[-1]
            if previous[1] is None and not previous[2]:
                steps[-1] = (previous[0], constant, key or "")
            else:
                steps.append((str(constant if constant is not None else key), None, ""))
    return tuple(steps)


_WORDS = {"data": 3, "module": 2, "var": 2, "local": 2}


@lru_cache(maxsize=4096)
def parse_reference(text: str) -> Reference:
    """Take one reference apart.

    Args:
        text: as Terraform writes it into `references`, or as it stands in a template.
    """
    steps = split(text)
    first = steps[0][0] if steps else ""
    if first in ("each", "count", "path", "terraform", "self"):
        rest = ".".join(word for word, _, _ in steps[1:])
        return Reference(first, first, attribute=rest)
    words = _WORDS.get(first, 2)
    if len(steps) < words:
        return Reference("other", text)
    name = ".".join(word for word, _, _ in steps[:words])
    _, index, key = steps[words - 1]
    attribute = ".".join(_flat(step) for step in steps[words:])
    root = first if first in _WORDS else "resource"
    return Reference(root, name, index, key, attribute)


def _flat(step: tuple[str, Index, str]) -> str:
    word, index, key = step
    return f"{word}.{key or index}" if key or index is not None else word


@lru_cache(maxsize=4096)
def parse_instance(text: str) -> tuple[str, Index, str]:
    """Take a full reference apart into base address, index and attribute.

    Args:
        text: for example `module.m["a"].aws_s3_bucket.b[0].arn`.

    Returns:
        the address without its own index, the index, the attribute; for a text that is no
        reference to a resource the text, `None` and nothing.
    """
    match = _INSTANCE.match(text)
    if not match:
        return text, None, ""
    return match.group(1), last_index(match.group(2) or ""), match.group(3) or ""


def instance_address(text: str) -> str:
    """The instance address at the start of a full reference."""
    base, index, _ = parse_instance(text)
    return with_index(base, index)


def without_indices(address: str) -> str:
    """The address in the configuration that an instance address comes from."""
    if "[" not in address:
        return address
    return re.sub(r'\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]', "", address)


def type_of(address: str) -> str:
    """The type of the resource, or data source, at an instance address; empty without one."""
    *_, kind, _ = ("", "", *without_indices(address).split("."))
    return kind


def with_index(address: str, index: Index) -> str:
    """An instance address."""
    if index is None:
        return address
    if isinstance(index, int):
        return f"{address}[{index}]"
    return f'{address}["{_escaped(index)}"]'


def last_index(address: str) -> Index:
    """The index at the end of a module address."""
    match = re.search(r'\[(?:([0-9]+)|"((?:[^"\\]|\\.)*)")\]$', address)
    if not match:
        return None
    if match.group(1) is not None:
        return int(match.group(1))
    return _unescaped(match.group(2))


def _escaped(key: str) -> str:
    """A key as an address writes it: quotes, controls and the start of a template are escaped."""
    return _TEMPLATE.sub(r"\1\1{", "".join(map(_written, key)))


def _written(character: str) -> str:
    short = _SHORT.get(character)
    if short or character.isprintable():
        return short or character
    code = ord(character)
    return f"\\U{code:08x}" if code > _BASIC_PLANE else f"\\u{code:04x}"


def _unescaped(text: str) -> str:
    """A key as it is, from how an address writes it."""
    return _ESCAPE.sub(_meant, text)


def _meant(match: re.Match[str]) -> str:
    letter, short, long, sign = match.groups()
    code = short or long
    if sign:
        return f"{sign}{{"
    return chr(int(code, 16)) if code else _LONG.get(letter, letter)


def parent_module(address: str) -> str:
    """The module that a module is called from; the root module is empty."""
    match = re.match(
        r'(.*?)\.?module\.[A-Za-z0-9_-]+(?:\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\])?$', address
    )
    return match.group(1) if match else ""


def join(module: str, name: str) -> str:
    """A name in a module."""
    return f"{module}.{name}" if module else name
