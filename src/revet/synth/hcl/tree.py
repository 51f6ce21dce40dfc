"""Expressions as the writer lays them out: words side by side, and what stands in brackets.

That is all of an expression's form that its layout needs; what an operator means does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from revet.synth.hcl.lexer import (
    Directive,
    Interpolation,
    Item,
    Template,
    TemplateError,
    Token,
    read_template,
)

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
HEREDOC_END = "EOT"
_RESERVED = frozenset({"for", "true", "false", "null"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number or operator."""

    text: str
    is_word: bool = False


@dataclass(frozen=True, slots=True)
class Computed:
    """`${…}`, or with `sign` `%` a directive, in a text."""

    expression: Node
    sign: str = "$"


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text, in parts.

    Args:
        parts: of the text.
        whole: whether it stays one literal however long it is, where no function may be called.
    """

    parts: tuple[str | Computed, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Heredoc:
    """Lines of prose: each ends with a line end, and none has anything to be worked out.

    No line is `HEREDOC_END`.
    """

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """`key = value` of an object."""

    key: Node
    value: Node


@dataclass(frozen=True, slots=True)
class Brackets:
    """What stands in brackets.

    Args:
        opening: `(`, `[` or `{`.
        items: separated by commas, in an object `Member`s; one where it is a `for`.
        is_for: whether it is a `for`, which no comma may end.
    """

    opening: str
    items: tuple[Node, ...]
    is_for: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side."""

    items: tuple[Node, ...]


Node: TypeAlias = Word | Text | Heredoc | Member | Brackets | Row

Rename: TypeAlias = Callable[[Sequence[Item]], Sequence[Item]]
"""Writes the new names into the tokens of an expression."""

NULL = Word("null", is_word=True)


def text(value: str) -> Text:
    """A text without anything to be worked out."""
    return Text((value,) if value else ())


def call(name: str, *arguments: Node) -> Row:
    """A call of a function."""
    return Row((Word(name, is_word=True), Brackets("(", arguments)))


def members(pairs: Mapping[str, Node] | Sequence[tuple[Node, Node]]) -> Brackets:
    """An object."""
    items = [(key_of(k), v) for k, v in pairs.items()] if isinstance(pairs, Mapping) else pairs
    return Brackets("{", tuple(Member(key, value) for key, value in items))


def key_of(name: str) -> Node:
    """The key of an object's member: bare where a person would write it so.

    `for` would begin another expression, and `true`, `false` and `null` are values.
    """
    if _PLAIN.fullmatch(name) and name not in _RESERVED:
        return Word(name, is_word=True)
    return text(name)


def literal(value: Any) -> Node:  # noqa: ANN401 - any JSON value
    """A JSON value whose texts are no templates, where nothing is worked out."""
    return _of_json(value, lambda found: Text(text(valid(found)).parts, whole=True))


def of_json(value: Any, rename: Rename) -> Node:  # noqa: ANN401 - any JSON value
    """A JSON value whose texts, and names of members, are templates.

    Args:
        value: as JSON syntax has it.
        rename: writes the new names.

    Raises:
        TemplateError: a text is not understood, or a number is none of HCL's.
    """
    return _of_json(value, lambda found: of_template(found, rename))


def valid(value: str) -> str:
    """A text as Terraform reads it: half a surrogate pair is U+FFFD there."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def of_template(value: str, rename: Rename) -> Node:
    """A text of JSON syntax: an expression where it is one `${…}`, else a quoted text."""
    return of_tokens((read_template(valid(value)),), rename, unwrap=True)


def of_tokens(tokens: Sequence[Item], rename: Rename, *, unwrap: bool = False) -> Node:
    """The form of an expression.

    Args:
        tokens: of the expression.
        rename: writes the new names.
        unwrap: whether a text that is one `${…}` means what is in it.
    """
    if unwrap and len(tokens) == 1 and isinstance(only := tokens[0], Template):
        match only.parts:
            case (Interpolation(inner),):
                return _enclosed(inner, rename)
    return _row(list(rename(tokens)), rename)


def _of_json(value: Any, template: Callable[[str], Node]) -> Node:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return template(value)
    if isinstance(value, list):
        return Brackets("[", tuple(_of_json(item, template) for item in value))
    if isinstance(value, Mapping):
        pairs = [(_key(name, template), _of_json(item, template)) for name, item in value.items()]
        return members(pairs)
    if value is None:
        return NULL
    if isinstance(value, bool):
        return Word("true" if value else "false", is_word=True)
    number = repr(value)
    if number in ("inf", "-inf", "nan"):
        raise TemplateError(f"the number `{number}`")
    return Word(number)


def _key(name: str, template: Callable[[str], Node]) -> Node:
    made = template(name)
    if isinstance(made, Text):
        if all(isinstance(part, str) for part in made.parts):
            return key_of("".join(part for part in made.parts if isinstance(part, str)))
        return made
    return Brackets("(", (made,))


def _enclosed(tokens: Sequence[Item], rename: Rename) -> Node:
    """An expression that is to stand where a line end would end it."""
    made = _row(list(rename(tokens)), rename)
    outside = False
    depth = 0
    for item in tokens:
        if isinstance(item, Token):
            depth += (item.text in "([{") - (item.text in ")]}") if len(item.text) == 1 else 0
            outside = outside or (item.text == "\n" and depth == 0)
    return Brackets("(", (made,)) if outside else made


def _row(tokens: list[Item], rename: Rename) -> Node:
    items: list[Node] = []
    at = 0
    while at < len(tokens):
        item = tokens[at]
        at += 1
        if isinstance(item, Template):
            items.append(Text(tuple(_part(part, rename) for part in item.parts)))
        elif item.text in ("(", "[", "{"):
            end = _end(tokens, at)
            items.append(_brackets(item.text, tokens[at:end], rename))
            at = end + 1
        elif item.text != "\n":
            items.append(Word(item.text, item.is_word))
    if not items:
        raise TemplateError("an expression without anything in it")
    return items[0] if len(items) == 1 else Row(tuple(items))


def _part(part: str | Interpolation | Directive, rename: Rename) -> str | Computed:
    if isinstance(part, str):
        return part
    sign = "$" if isinstance(part, Interpolation) else "%"
    return Computed(_row(list(rename(part.tokens)), rename), sign)


def _end(tokens: Sequence[Item], at: int) -> int:
    depth = 1
    while True:
        item = tokens[at]
        if isinstance(item, Token) and len(item.text) == 1:
            depth += (item.text in "([{") - (item.text in ")]}")
            if depth == 0:
                return at
        at += 1


def _brackets(opening: str, tokens: list[Item], rename: Rename) -> Brackets:
    first = next((item for item in tokens if item != Token("\n")), None)
    if opening != "(" and first == Token("for", is_word=True):
        return Brackets(opening, (_row(tokens, rename),), is_for=True)
    pieces = _pieces(tokens, (",", "\n") if opening == "{" else (",",))
    if opening == "{":
        return Brackets(opening, tuple(_member(piece, rename) for piece in pieces))
    return Brackets(opening, tuple(_row(piece, rename) for piece in pieces))


def _pieces(tokens: Sequence[Item], separators: Sequence[str]) -> list[list[Item]]:
    pieces: list[list[Item]] = [[]]
    depth = 0
    for item in tokens:
        sign = item.text if isinstance(item, Token) and not item.is_word else ""
        depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
        if depth == 0 and sign in separators:
            pieces.append([])
        elif sign != "\n" or depth:
            pieces[-1].append(item)
    return [piece for piece in pieces if piece]


def _member(tokens: list[Item], rename: Rename) -> Member:
    depth = 0
    for at, item in enumerate(tokens):
        sign = item.text if isinstance(item, Token) and not item.is_word else ""
        depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
        if depth == 0 and sign in ("=", ":") and at:
            return Member(_row(tokens[:at], rename), _row(tokens[at + 1 :], rename))
    raise TemplateError("a member of an object without `=`")
