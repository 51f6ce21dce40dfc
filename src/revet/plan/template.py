"""Parsing the templates that a plan of JSON-syntax configuration keeps.

Parsed are templates, traversals, literals, objects, tuples, calls, parentheses, and one attribute
of all instances of a resource (`aws_subnet.s[*].id`, the same by `for` or `values`); everything
else (conditionals, other `for`, operators) becomes `Opaque`, which knows only its references.
Source: Terraform language, "Expressions" and "JSON configuration syntax"; HCL native syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from revet.plan.expression import (
    Call,
    Every,
    Expression,
    Literal,
    ObjectExpression,
    Opaque,
    Template,
    Traversal,
    TupleExpression,
)

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_TRAVERSAL = re.compile(
    rf"{_NAME}(?:\.(?:{_NAME}|[0-9]+)|\[(?:[0-9]+|\"[^\"\\$]*\"|{_NAME}(?:\.{_NAME})*)\])*"
)
_CALL = re.compile(rf"({_NAME})\(")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*|//[^\n]*)*")
_KEYWORDS = {"true": True, "false": False, "null": None}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_SIGN = re.compile(r'["{}]')
_IN_QUOTES = re.compile(r'\\.|\$\$\{|%%\{|\$\{|%\{|"', re.DOTALL)
_STOP = re.compile(r'["{}\[\](),\n]')
_BLOCK = rf"(?!(?:count|data|each|local|module|path|self|terraform|var)\.){_NAME}\.{_NAME}"
_ALL = re.compile(
    rf"\[\s*for\s+(?:{_NAME}\s*,\s*)?(?P<item>{_NAME})\s+in\s+(?P<each>{_BLOCK})\s*:\s*"
    rf"(?P=item)\.(?P<attribute>{_NAME})\s*\]"
    rf"|(?:(?P<counted>{_BLOCK})|values\((?P<table>{_BLOCK})\))(?:\[\*\]|\.\*)\.(?P<last>{_NAME})"
)
_MAX_DEPTH = 100


class _NotUnderstoodError(Exception):
    """The expression has a form that is not parsed here."""


def of_leaf(leaf: Mapping[str, Any]) -> Expression:
    """The expression behind `constant_value` and `references` of a plan's configuration.

    A `constant_value` is not evaluated: in JSON syntax its strings are templates. HCL syntax keeps
    only the references, each followed by its own prefixes, which are dropped here.
    """
    if "constant_value" in leaf:
        return _of_constant(leaf["constant_value"])
    return Opaque("", _longest(leaf.get("references") or ()))


def _of_constant(value: Any) -> Expression:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return parse_template(value)
    if isinstance(value, list):
        return TupleExpression(tuple(_of_constant(item) for item in value))
    if isinstance(value, Mapping):
        return ObjectExpression(
            tuple((parse_template(name), _of_constant(item)) for name, item in value.items())
        )
    return Literal(value)


def _longest(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    previous = ""
    for name in names:
        if previous.startswith((f"{name}.", f"{name}[")):
            continue
        previous = name
        found[name] = None
    return tuple(found)


def parse_template(text: str) -> Expression:
    """Parse a string as it stands in JSON-syntax configuration.

    Args:
        text: for example `${aws_s3_bucket.b.arn}/*`; `$${` and `%%{` are escapes.

    Returns:
        a `Literal` string without interpolation, the expression itself when the text is one
        interpolation, else a `Template`; `Opaque` when it has directives or is not closed.
    """
    if "${" not in text and "%{" not in text:
        return Literal(text)
    return _parsed(text)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Expression:
    """The same template stands in a configuration as often as it is asked for."""
    try:
        parts = _parts(text)
    except _NotUnderstoodError:
        return Opaque(text, _references(text))
    if len(parts) == 1:
        return parts[0]
    return Template(tuple(parts)) if parts else Literal("")


def parse_expression(text: str) -> Expression:
    """Parse one expression, without `${` around it; `Opaque` when its form is not known here."""
    every = _ALL.fullmatch(text.strip())
    if every:
        block = every["each"] or every["counted"] or every["table"]
        return Every(f"{block}.{every['attribute'] or every['last']}")
    parser = _Parser(text)
    try:
        found = parser.expression(0)
        parser.skip()
        if parser.at == len(text):
            return found
    except _NotUnderstoodError:
        pass
    return Opaque(text, _references(text))


def _references(text: str) -> tuple[str, ...]:
    """References in a text that could not be parsed: names with a dot, outside plain text."""
    bare = re.sub(r'"((?:[^"\\$]|\\.)*)"(?!\s*\])', '""', text)
    found: dict[str, None] = {}
    for match in _TRAVERSAL.finditer(bare):
        if "." in match.group():
            found[match.group()] = None
    return tuple(found)


def _parts(text: str) -> list[Expression]:
    parts: list[Expression] = []
    plain: list[str] = []
    at = 0
    while True:
        found = re.compile(r"\$\$\{|%%\{|\$\{|%\{").search(text, at)
        if not found:
            plain.append(text[at:])
            break
        plain.append(text[at : found.start()])
        sign = found.group()
        if sign in ("$${", "%%{"):
            plain.append(sign[1:])
            at = found.end()
            continue
        if sign == "%{":
            raise _NotUnderstoodError
        end = _closing_brace(text, found.end())
        if "".join(plain):
            parts.append(Literal("".join(plain)))
        plain = []
        parts.append(parse_expression(text[found.end() : end].strip(" ~\n\t")))
        at = end + 1
    if "".join(plain) or not parts:
        parts.append(Literal("".join(plain)))
    return parts


def _closing_brace(text: str, at: int) -> int:
    """Offset of the brace that closes an interpolation opened before `at`."""
    depth = 1
    while True:
        match = _SIGN.search(text, at)
        if not match:
            raise _NotUnderstoodError
        at = match.end()
        if match.group() == '"':
            at = _closing_quote(text, at)
            continue
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return at - 1


def _closing_quote(text: str, at: int) -> int:
    """Offset after the quote that closes a string opened before `at`."""
    while True:
        match = _IN_QUOTES.search(text, at)
        if not match:
            raise _NotUnderstoodError
        sign = match.group()
        at = match.end()
        if sign == '"':
            return at
        if sign in ("${", "%{"):
            at = _closing_brace(text, at) + 1


class _Parser:
    """Recursive descent over one expression; raises `_NotUnderstoodError` on other forms."""

    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def peek(self) -> str:
        self.skip()
        return self.text[self.at : self.at + 1]

    def take(self, sign: str) -> bool:
        self.skip()
        if self.text.startswith(sign, self.at):
            self.at += len(sign)
            return True
        return False

    def expression(self, depth: int) -> Expression:
        if depth > _MAX_DEPTH:
            raise _NotUnderstoodError
        sign = self.peek()
        if sign == "{":
            return self.object(depth)
        if sign == "[":
            return self.tuple(depth)
        if sign == "(":
            self.at += 1
            inner = self.operand(depth)
            if not self.take(")"):
                raise _NotUnderstoodError
            return inner
        return self.string() if sign == '"' else self.word(depth)

    def word(self, depth: int) -> Expression:
        call = _CALL.match(self.text, self.at)
        if call:
            self.at = call.end()
            return Call(call.group(1), self.sequence(")", depth))
        traversal = _TRAVERSAL.match(self.text, self.at)
        if traversal:
            self.at = traversal.end()
            if self.text[self.at : self.at + 1] in ("[", "."):
                raise _NotUnderstoodError
            name = traversal.group()
            return Literal(_KEYWORDS[name]) if name in _KEYWORDS else Traversal(name)
        number = _NUMBER.match(self.text, self.at)
        if not number:
            raise _NotUnderstoodError
        self.at = number.end()
        raw = number.group()
        return Literal(int(raw) if re.fullmatch(r"-?[0-9]+", raw) else float(raw))

    def operand(self, depth: int) -> Expression:
        """An expression inside brackets; `Opaque` up to the next separator on another form."""
        self.skip()
        start = self.at
        try:
            found = self.expression(depth + 1)
            end = self.at
            self.skip()
            ended = self.text[self.at : self.at + 1] in (",", ")", "]", "}", "=", ":", "")
            if ended or "\n" in self.text[end : self.at]:
                self.at = end
                return found
        except _NotUnderstoodError:
            pass
        self.at = self.separator(start)
        text = self.text[start : self.at]
        return Opaque(text, _references(text))

    def separator(self, at: int) -> int:
        """Offset of the next comma, line end or closing bracket of the present level."""
        depth = 0
        while True:
            match = _STOP.search(self.text, at)
            if not match:
                raise _NotUnderstoodError
            sign = match.group()
            at = match.end()
            if sign == '"':
                at = _closing_quote(self.text, at)
            elif sign in "{[(":
                depth += 1
            elif depth == 0:
                return match.start()
            elif sign in "}])":
                depth -= 1

    def string(self) -> Expression:
        """A quoted template; its escapes are undone outside interpolations only."""
        start = self.at + 1
        at = start
        parts: list[Expression] = []
        plain: list[str] = []
        while at < len(self.text):
            sign = self.text[at]
            if sign == '"':
                self.at = at + 1
                return self.joined(parts, plain)
            if sign == "\\":
                character, at = self.escape(at)
                plain.append(character)
            elif self.text.startswith(("$${", "%%{"), at):
                plain.append(self.text[at + 1 : at + 3])
                at += 3
            elif self.text.startswith("${", at):
                end = _closing_brace(self.text, at + 2)
                if "".join(plain):
                    parts.append(Literal("".join(plain)))
                plain = []
                parts.append(parse_expression(self.text[at + 2 : end].strip()))
                at = end + 1
            elif self.text.startswith("%{", at) or sign == "\n":
                raise _NotUnderstoodError
            else:
                plain.append(sign)
                at += 1
        raise _NotUnderstoodError

    def joined(self, parts: list[Expression], plain: list[str]) -> Expression:
        if "".join(plain) or not parts:
            parts.append(Literal("".join(plain)))
        return parts[0] if len(parts) == 1 else Template(tuple(parts))

    def escape(self, at: int) -> tuple[str, int]:
        letter = self.text[at + 1 : at + 2]
        if letter in _ESCAPES:
            return _ESCAPES[letter], at + 2
        digits = {"u": 4, "U": 8}.get(letter)
        code = self.text[at + 2 : at + 2 + (digits or 0)]
        if digits and re.fullmatch(rf"[0-9a-fA-F]{{{digits}}}", code):
            return chr(int(code, 16)), at + 2 + digits
        raise _NotUnderstoodError

    def sequence(self, closing: str, depth: int) -> tuple[Expression, ...]:
        items: list[Expression] = []
        while not self.take(closing):
            items.append(self.operand(depth))
            if not self.take(",") and self.peek() != closing:
                raise _NotUnderstoodError
        return tuple(items)

    def tuple(self, depth: int) -> Expression:
        self.at += 1
        if re.compile(r"\s*for\b").match(self.text, self.at):
            raise _NotUnderstoodError
        return TupleExpression(self.sequence("]", depth))

    def object(self, depth: int) -> Expression:
        self.at += 1
        if re.compile(r"\s*for\b").match(self.text, self.at):
            raise _NotUnderstoodError
        members: list[tuple[Expression, Expression]] = []
        while not self.take("}"):
            name = self.expression(depth + 1)
            if isinstance(name, Traversal) and re.fullmatch(_NAME, name.text):
                name = Literal(name.text)
            if not (self.take("=") or self.take(":")):
                raise _NotUnderstoodError
            start = self.at
            members.append((name, self.operand(depth)))
            line_end = "\n" in self.text[start : self.at] or self.newline()
            if not self.take(",") and self.peek() != "}" and not line_end:
                raise _NotUnderstoodError
        return ObjectExpression(tuple(members))

    def newline(self) -> bool:
        before = self.at
        self.skip()
        return "\n" in self.text[before : self.at]
