"""From a file in JSON syntax to the same blocks that HCL syntax gives.

Source: Terraform, "JSON Configuration Syntax"; HCL, `json/spec.md`: every text is a template.
"""

from __future__ import annotations

import json
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
_WHITE = " \t\r\n"

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
    lines = _Lines(content.decode())
    blocks: list[Block] = []
    for top in _objects(data, file):
        for kind, value in top.items():
            if kind in _KINDS:
                blocks.extend(_blocks((kind,), value, file, template, lines))
    return Body({}, tuple(blocks), json=True)


def _blocks(
    way: tuple[str, ...], value: object, file: str, template: Template, lines: _Lines
) -> Iterator[Block]:
    for body in _objects(value, file):
        if len(way) == _LABELS.get(way[0], 0) + 1:
            line = lines.of(way)
            yield Block(way[0], way[1:], json_body(body, file, template, line), file, line)
            continue
        for name, inner in body.items():
            if name != "//":
                yield from _blocks((*way, name), inner, file, template, lines)


def json_body(raw: Mapping[str, Any], file: str, template: Template, line: int) -> Body:
    """The body of a block; blocks inside of it are arguments too, until a schema tells.

    Args:
        raw: the object.
        file: for messages.
        template: reads a text.
        line: where the block begins: the lines of its arguments are not looked for.
    """

    def argument(value: object) -> Argument:
        return Argument(lambda: _syntax(value, file, template), file, line, value)

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


class _Lines:
    """On which line the names of the outermost objects of a JSON text are.

    Args:
        text: valid JSON.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._decoder = json.JSONDecoder()
        self._found: dict[tuple[str, ...], int] = {}
        self._at = 0
        self._counted = (0, 1)
        self._walk(())

    def of(self, way: tuple[str, ...]) -> int:
        """The line of a name; that of the last name before it where it is in a list."""
        while way and way not in self._found:
            way = way[:-1]
        return self._found.get(way, 1)

    def _walk(self, way: tuple[str, ...]) -> None:
        """Go through an object, and through those in it that hold names of blocks."""
        self._skip()
        deep = len(way) <= _LABELS.get(way[0], 0) if way else True
        if self._text[self._at] != "{" or not deep:
            _, self._at = self._decoder.raw_decode(self._text, self._at)
            return
        self._at += 1
        self._skip()
        while self._text[self._at] != "}":
            begun = self._at
            name, self._at = self._decoder.raw_decode(self._text, self._at)
            self._found[*way, name] = self._line(begun)
            self._skip()
            self._at += 1  # the colon
            self._walk((*way, name))
            self._skip()
            if self._text[self._at] == ",":
                self._at += 1
                self._skip()
        self._at += 1

    def _skip(self) -> None:
        while self._at < len(self._text) and self._text[self._at] in _WHITE:
            self._at += 1

    def _line(self, at: int) -> int:
        """Counted on from the last time: `at` only grows."""
        before, line = self._counted
        self._counted = (at, line + self._text.count("\n", before, at))
        return self._counted[1]
