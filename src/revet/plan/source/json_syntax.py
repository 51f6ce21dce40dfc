"""From a file in JSON syntax to the same blocks that HCL syntax gives.

Source: Terraform, "JSON Configuration Syntax"; HCL, `json/spec.md`: every text is a template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from revet.files import parse_json
from revet.plan.source.syntax import (
    Argument,
    Block,
    Body,
    Constant,
    ObjectSyntax,
    SourceError,
    Syntax,
    TupleSyntax,
)

_LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1}
_KINDS = frozenset((*_LABELS, "locals"))

Template = Callable[[str, str], Syntax]
"""Reads a template: its text, and the file for messages."""


def read_json(content: bytes, file: str, template: Template) -> Body:
    """Read a file.

    Args:
        content: one JSON text.
        file: its name, for messages.
        template: reads a text.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        data = parse_json(content)
    except ValueError as error:
        raise SourceError(file, f"not JSON: {error}") from error
    blocks: list[Block] = []
    for top in _objects(data, file):
        for kind, value in top.items():
            if kind in _KINDS:
                blocks.extend(_blocks(kind, (), value, file, template))
    return Body({}, tuple(blocks), json=True)


def _blocks(
    kind: str, labels: tuple[str, ...], value: object, file: str, template: Template
) -> Iterator[Block]:
    for body in _objects(value, file):
        if len(labels) == _LABELS.get(kind, 0):
            yield Block(kind, labels, json_body(body, file, template), file, 1)
            continue
        for name, inner in body.items():
            if name != "//":
                yield from _blocks(kind, (*labels, name), inner, file, template)


def json_body(raw: Mapping[str, Any], file: str, template: Template) -> Body:
    """The body of a block; blocks inside of it are arguments too, until a schema tells.

    Args:
        raw: the object.
        file: for messages.
        template: reads a text.
    """

    def argument(value: object) -> Argument:
        return Argument(lambda: _syntax(value, file, template), file, 1, value)

    arguments = {name: argument(value) for name, value in raw.items() if name != "//"}
    return Body(arguments, json=True)


def _syntax(value: Any, file: str, template: Template) -> Syntax:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return template(value, file)
    if isinstance(value, list):
        return TupleSyntax(tuple(_syntax(item, file, template) for item in value))
    if isinstance(value, Mapping):
        pairs = value.items()
        return ObjectSyntax(
            tuple((template(name, file), _syntax(item, file, template)) for name, item in pairs)
        )
    return Constant(value)


def _objects(value: object, file: str) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item, file)
    elif value is not None:
        raise SourceError(file, f"`{type(value).__name__}` where a block is expected")
