"""Expressions and blocks as the sources have them, before anything is looked up.

Source: HCL native syntax specification; Terraform, "Expressions".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a boolean, null or a text."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Text:
    """A template: texts, interpolations and directives one after another."""

    parts: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """The first word of a reference: `var`, `aws_s3_bucket`, or what a `for` calls an item."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`source.name`."""

    source: Syntax
    name: str


@dataclass(frozen=True, slots=True)
class Element:
    """`source[key]`."""

    source: Syntax
    key: Syntax


@dataclass(frozen=True, slots=True)
class Splat:
    """`source[*]…`: `body` of each element, which it calls `Name(ITEM)`."""

    source: Syntax
    body: Syntax


@dataclass(frozen=True, slots=True)
class Group:
    """`(source)` with something behind it: Terraform lists only what is in the parentheses."""

    source: Syntax


@dataclass(frozen=True, slots=True)
class TupleSyntax:
    """`[item, …]`."""

    items: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class ObjectSyntax:
    """`{ key = value, … }`."""

    members: tuple[tuple[Syntax, Syntax], ...]


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """`name(argument, …)`; `expand`: the last argument is `list...`."""

    name: str
    arguments: tuple[Syntax, ...]
    expand: bool = False


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? yes : no`."""

    condition: Syntax
    yes: Syntax
    no: Syntax


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with one or two operands."""

    operator: str
    operands: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class For:
    """`[for key, item in each : value if condition]`, and the same for objects and templates.

    Args:
        key: what an element's key or index is called; empty when it is not.
        item: what an element is called.
        each: what is gone through.
        value: for each element.
        name: the key of each member of an object; `None` for a tuple.
        condition: which elements count; `None` for all.
        grouped: whether members of one name make a tuple (`…`).
        text: whether it is a directive of a template: the values make one text.
    """

    key: str
    item: str
    each: Syntax
    value: Syntax
    name: Syntax | None = None
    condition: Syntax | None = None
    grouped: bool = False
    text: bool = False


Syntax: TypeAlias = (
    Constant
    | Text
    | Name
    | Member
    | Element
    | Splat
    | Group
    | TupleSyntax
    | ObjectSyntax
    | FunctionCall
    | Conditional
    | Operation
    | For
)

ITEM = "*"
"""What a splat calls an element; no name of the language looks so."""


class Argument:
    """An argument of a block; its expression is read when it is asked for.

    Args:
        parse: reads the expression.
        file: the file, as the user knows it.
        line: counted from 1.
        raw: the JSON value, in files in JSON syntax.
    """

    __slots__ = ("_known", "_parse", "file", "line", "raw")

    def __init__(
        self,
        parse: Callable[[], Syntax],
        file: str,
        line: int,
        raw: Any = None,  # noqa: ANN401 - any JSON value
    ) -> None:
        self._parse = parse
        self._known: Syntax | None = None
        self.file = file
        self.line = line
        self.raw = raw

    @property
    def syntax(self) -> Syntax:
        """The expression.

        Raises:
            SourceError: its form is not understood.
        """
        if self._known is None:
            self._known = self._parse()
        return self._known

    @property
    def where(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Block:
    """A block.

    Args:
        kind: its keyword.
        labels: after the keyword.
        body: what is in it.
        file: the file, as the user knows it.
        line: counted from 1.
    """

    kind: str
    labels: tuple[str, ...]
    body: Body
    file: str
    line: int

    @property
    def where(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Body:
    """What is in a block or file.

    Args:
        arguments: by name.
        blocks: in the order as written.
        json: whether it is in JSON syntax, where only a schema tells arguments from blocks.
    """

    arguments: Mapping[str, Argument] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    json: bool = False


class SourceError(Exception):
    """Sources that are not taken into account.

    Args:
        where: file, and line where there is one.
        why: lower case.
    """

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}" if where else why)
        self.where = where
        self.why = why


def parts_of(syntax: Syntax) -> tuple[Syntax, ...]:
    """The expressions that one is made of, in order."""
    found: tuple[Syntax, ...] = ()
    match syntax:
        case Text(items) | TupleSyntax(items) | FunctionCall(_, items) | Operation(_, items):
            found = items
        case Member(source) | Group(source):
            found = (source,)
        case Element(one, two) | Splat(one, two):
            found = (one, two)
        case ObjectSyntax(members):
            found = tuple(item for pair in members for item in pair)
        case Conditional(condition, yes, no):
            found = (condition, yes, no)
        case For():
            inner = (syntax.name, syntax.value, syntax.condition)
            found = (syntax.each, *(item for item in inner if item is not None))
        case Constant() | Name():
            pass
    return found
