"""From Terraform's templates, as JSON syntax has them, to tokens; nothing is evaluated.

A text in JSON syntax is a *bare* template: `${…}` and `%{…}` are read, `$${` and `%%{` are escapes,
and a backslash is a backslash. Inside of `${…}` the native syntax holds, with quoted templates of
its own, in which backslashes escape.

Sources: HCL native syntax specification, "Lexical Elements" and "Templates"; HCL `json/spec.md`;
`hclsyntax/scan_tokens.rl` for what a lone `$` or `%` is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

_WORD = re.compile(r"[^\W\d](?:\w|-)*")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SPACE = re.compile(r"(?:[ \t\r]|/\*.*?\*/)+", re.DOTALL)
_LINE_END = re.compile(r"(?:(?:#|//)[^\n]*)?\n|(?:#|//)[^\n]*$")
_SIGN = re.compile(r"\.\.\.|==|!=|<=|>=|&&|\|\||=>|::|[-+*/%<>!?:.,=()\[\]{}]")
_HEREDOC = re.compile(r"<<(-?)([^\W\d](?:\w|-)*)\r?\n")
_MARK = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
_IN_QUOTES = re.compile(r'\\.|\$\$\{|%%\{|\$\{|%\{|"|\n', re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_UNICODE = re.compile(r"u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}")
_MOST_DEEP = 60


class TemplateError(ValueError):
    """A template that is not understood; its text says why."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign of the native syntax; a line end is the sign of that character."""

    text: str
    is_word: bool = False


@dataclass(frozen=True, slots=True)
class Interpolation:
    """`${…}`.

    Args:
        tokens: what is in it.
        before: whether `~` takes the white space before it away.
        after: whether `~` takes the white space after it away.
    """

    tokens: tuple[Item, ...]
    before: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True)
class Directive:
    """`%{…}`; see `Interpolation`."""

    tokens: tuple[Item, ...]
    before: bool = False
    after: bool = False


Part: TypeAlias = str | Interpolation | Directive


@dataclass(frozen=True, slots=True)
class Template:
    """A text made of literal parts, their escapes undone, and of what is worked out."""

    parts: tuple[Part, ...]

    @property
    def constant(self) -> str | None:
        """The text, where nothing in it is worked out."""
        if all(isinstance(part, str) for part in self.parts):
            return "".join(part for part in self.parts if isinstance(part, str))
        return None


Item: TypeAlias = Token | Template
"""What an expression is made of."""


def read_template(text: str) -> Template:
    """Read a text of JSON syntax.

    Args:
        text: with its JSON escapes undone.

    Raises:
        TemplateError: it is not understood.
    """
    parts = _joined(_bare(text, 0))
    return Template(parts)


def read_expression(text: str) -> tuple[Item, ...]:
    """Read an expression of the native syntax that is written without `${…}` around it.

    Raises:
        TemplateError: it is not understood.
    """
    tokens, end = _tokens(text, 0, 0, inside=False)
    if end != len(text):
        raise TemplateError(f"`{text[end : end + 20]}` where an expression has ended")
    return tokens


def _bare(text: str, depth: int) -> Iterator[Part]:
    at = 0
    while found := _MARK.search(text, at):
        yield text[at : found.start()]
        if found.group() in ("$${", "%%{"):
            yield found.group()[1:]
            at = found.end()
        else:
            part, at = _sequence(text, found.start(), depth)
            yield part
    yield text[at:]


def _sequence(text: str, at: int, depth: int) -> tuple[Interpolation | Directive, int]:
    """The `${…}` or `%{…}` that begins at an offset, and the offset behind it."""
    if depth > _MOST_DEEP:
        raise TemplateError("templates nested too deep")
    opening, at = text[at], at + 2
    before = text.startswith("~", at)
    tokens, end = _tokens(text, at + before, depth, inside=True)
    after = text.startswith("~", end)
    if opening == "$":
        return Interpolation(tokens, before, after), end + after + 1
    return Directive(tokens, before, after), end + after + 1


def _tokens(text: str, at: int, depth: int, *, inside: bool) -> tuple[tuple[Item, ...], int]:
    """The tokens up to the brace that closes a sequence, or to the end of the text."""
    found: list[Item] = []
    open_ones: list[str] = []
    while at < len(text):
        if inside and not open_ones and text.startswith(("}", "~}"), at):
            return tuple(found), at
        if space := _SPACE.match(text, at):
            at = space.end()
        else:
            item, at = _item(text, at, depth)
            if isinstance(item, Token):
                _count(item.text, open_ones)
            found.append(item)
    if inside or open_ones:
        raise TemplateError("an expression that is not closed")
    return tuple(found), at


def _item(text: str, at: int, depth: int) -> tuple[Item, int]:
    """The token that begins at an offset, and the offset behind it."""
    if ended := _LINE_END.match(text, at):
        return Token("\n"), ended.end()
    if text[at] == '"':
        return _quoted(text, at + 1, depth)
    if heredoc := _HEREDOC.match(text, at):
        return _heredoc(text, heredoc, depth)
    if word := _WORD.match(text, at):
        return Token(word.group(), is_word=True), word.end()
    if plain := _NUMBER.match(text, at) or _SIGN.match(text, at):
        return Token(plain.group()), plain.end()
    raise TemplateError(f"`{text[at]}` in an expression")


_CLOSING = {")": "(", "]": "[", "}": "{"}


def _count(sign: str, open_ones: list[str]) -> None:
    if sign in _CLOSING.values():
        open_ones.append(sign)
    elif sign in _CLOSING and (not open_ones or open_ones.pop() != _CLOSING[sign]):
        raise TemplateError(f"`{sign}` closes what is not open")


def _quoted(text: str, at: int, depth: int) -> tuple[Template, int]:
    """A quoted template whose quote was read, and the offset behind it."""
    parts: list[Part] = []
    while found := _IN_QUOTES.search(text, at):
        parts.append(text[at : found.start()])
        sign, at = found.group(), found.end()
        if sign == '"':
            return Template(_joined(parts)), at
        if sign == "\n":
            break
        if sign in ("$${", "%%{"):
            parts.append(sign[1:])
        elif sign in ("${", "%{"):
            part, at = _sequence(text, found.start(), depth + 1)
            parts.append(part)
        elif sign[1] in _ESCAPES:
            parts.append(_ESCAPES[sign[1]])
        elif code := _UNICODE.match(text, found.start() + 1):
            parts.append(chr(int(code.group()[1:], 16)))
            at = code.end()
        else:
            raise TemplateError(f"the escape `{sign}`")
    raise TemplateError("a quoted text that is not closed")


def _heredoc(text: str, opened: re.Match[str], depth: int) -> tuple[Template, int]:
    """A heredoc, and the offset of the line end behind it."""
    closing = re.compile(rf"^[ \t]*{re.escape(opened[2])}(?=\r?\n|$)", re.MULTILINE)
    end = closing.search(text, opened.end())
    if not end:
        raise TemplateError(f"a heredoc without its `{opened[2]}`")
    body = text[opened.end() : end.start()]
    if opened[1]:
        body = _flush(body)
    return Template(_joined(_bare(body, depth + 1))), end.end()


def _flush(body: str) -> str:
    """Take away the indentation that all lines of a `<<-` heredoc have; blank ones do not count."""
    lines = body.split("\n")
    least = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[least:] if line.strip() else line for line in lines)


def _joined(parts: Iterator[Part] | list[Part]) -> tuple[Part, ...]:
    """Put literal parts that follow each other together, and let `~` take white space away.

    Raises:
        TemplateError: a `~` beside white space with a line end: how far it reaches depends on how
            the text is written.
    """
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, str) and isinstance(last, str):
            found[-1] = last + part
        elif part != "":
            found.append(part)
    for at, part in enumerate(found):
        if isinstance(part, str):
            continue
        if part.before and at and isinstance(left := found[at - 1], str):
            found[at - 1] = _trimmed(left, left.rstrip())
        if part.after and at + 1 < len(found) and isinstance(right := found[at + 1], str):
            found[at + 1] = _trimmed(right, right.lstrip())
    return tuple(
        part if isinstance(part, str) else replace(part, before=False, after=False)
        for part in found
        if part != ""
    )


def _trimmed(text: str, kept: str) -> str:
    if "\n" in text.replace(kept, "", 1):
        raise TemplateError("a `~` beside white space with a line end")
    return kept
