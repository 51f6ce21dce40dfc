"""JSON as written: every value keeps its place in the text, and no member gets lost.

`json.loads` drops duplicate members and knows no places; both matter for policies. AWS counts
lines from 1, columns and offsets from 0, in characters (observed in Access Analyzer's findings).

A policy has hundreds of values: they are named tuples, which are made in less than half the time of
frozen dataclasses, and one regular expression reads a sign with the white space around it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from revet.model.errors import InputError

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 64

_SPACE = re.compile(r"[ \t\r\n]*")
_COLON = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_AFTER_ITEM = re.compile(r"[ \t\r\n]*(?:,[ \t\r\n]*|(\]))")
_AFTER_MEMBER = re.compile(r"[ \t\r\n]*(?:,[ \t\r\n]*|(\}))")
_STRING = re.compile(r'"([^"\\\x00-\x1f]*)"')
_NAME = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\r\n]*:[ \t\r\n]*')
_CHUNK = re.compile(r'([^"\\\x00-\x1f]*)(["\\])')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"true|false|null")
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_ESCAPES = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
_MOST_DIGITS = 1_000
"""Of a whole number that is read exactly; reading more costs time, and the text is kept anyway."""
_HIGH, _LOW, _BEYOND = 0xD800, 0xDC00, 0xE000


class PolicyError(InputError):
    """A text that is no policy: no JSON, no JSON object, too large or too deep."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text.

    Args:
        line: counted from 1.
        column: characters since the start of the line, counted from 0.
        offset: characters since the start of the text, counted from 0.
    """

    line: int
    column: int
    offset: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text.

    Args:
        start: its first character.
        end: the character after its last one.
    """

    start: Position
    end: Position


class JsonScalar(NamedTuple):
    """A string, number, boolean or null.

    Args:
        value: a string decoded; `None` for null; a number as its text is in `raw`.
        raw: the text as written, quotes included.
        start: offset of its first character.
        end: offset after its last character.
    """

    value: str | int | float | bool | None
    raw: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """The string; for the other kinds the text as written (`false`, `300`)."""
        return self.value if isinstance(self.value, str) else self.raw


class JsonArray(NamedTuple):
    """An array.

    Args:
        items: its values.
        start: offset of the bracket that opens it.
        end: offset after the bracket that closes it.
    """

    items: tuple[JsonNode, ...]
    start: int
    end: int


class Member(NamedTuple):
    """One name and value of an object.

    Args:
        name: the decoded name.
        key: the name as it stands in the text.
        value: its value.
    """

    name: str
    key: JsonScalar
    value: JsonNode


class JsonObject(NamedTuple):
    """An object; duplicate names are kept, in order.

    Args:
        members: its members.
        start: offset of the brace that opens it.
        end: offset after the brace that closes it.
    """

    members: tuple[Member, ...]
    start: int
    end: int

    def get(self, name: str) -> JsonNode | None:
        """The last value under a name, as `json.loads` would take it; `None` without one."""
        found = None
        for member in self.members:
            if member.name == name:
                found = member.value
        return found

    def duplicates(self) -> tuple[Member, ...]:
        """The members whose name stood before."""
        seen: set[str] = set()
        again = []
        for member in self.members:
            if member.name in seen:
                again.append(member)
            seen.add(member.name)
        return tuple(again)


JsonNode: TypeAlias = JsonScalar | JsonArray | JsonObject


@dataclass(frozen=True)
class JsonText:
    """A parsed text.

    Args:
        text: the text.
        root: its value.
        repeats: whether a name appears more than once in some object.
    """

    text: str
    root: JsonNode
    repeats: bool

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        lengths = (len(line) + 1 for line in self.text.split("\n")[:-1])
        return tuple(accumulate(lengths, initial=0))

    def position(self, offset: int) -> Position:
        """Line, column and offset of a character."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1], offset)

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets."""
        return Span(self.position(start), self.position(end))

    def span_of(self, node: JsonNode) -> Span:
        """Where a value stands."""
        return self.span(node.start, node.end)


def parse_json(text: str) -> JsonText:
    """Parse JSON (RFC 8259) with places and duplicates kept.

    Args:
        text: at most `MAX_CHARACTERS` characters, at most `MAX_DEPTH` levels deep.

    Raises:
        PolicyError: not JSON, too large or too deep; `where` names line and column.
    """
    if len(text) > MAX_CHARACTERS:
        raise PolicyError(
            "the policy is too large to be one",
            got=f"{len(text)} characters",
            expected=f"at most {MAX_CHARACTERS} (AWS's own limits are far below)",
            do="check that this is the policy document and not something that contains it",
        )
    reader = _Reader(text)
    root = reader.value(reader.skip(1 if text.startswith("\ufeff") else 0), 0)
    end = reader.skip(root.end)
    if end != len(text):
        raise reader.error(end, "the end of the text")
    return JsonText(text, root, reader.repeats)


def position_in(text: str, offset: int) -> Position:
    """Line, column and offset of a character, without a table of lines."""
    line = text.count("\n", 0, offset) + 1
    return Position(line, offset - (text.rfind("\n", 0, offset) + 1), offset)


class _Reader:
    """Recursive descent over one text."""

    __slots__ = ("repeats", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.repeats = False

    def error(self, offset: int, expected: str) -> PolicyError:
        at = position_in(self.text, offset)
        rest = self.text[offset : offset + 20]
        return PolicyError(
            "the policy is not valid JSON",
            where=f"line {at.line}, column {at.column}",
            got=f"`{rest}`" if rest else "the end of the text",
            expected=expected,
            do="correct the JSON at this place",
        )

    def skip(self, offset: int) -> int:
        match = _SPACE.match(self.text, offset)
        return match.end() if match else offset

    def value(self, offset: int, depth: int) -> JsonNode:
        if depth > MAX_DEPTH:
            raise PolicyError(
                "the policy is nested too deeply to be one",
                where=f"offset {offset}",
                got=f"more than {MAX_DEPTH} levels",
                expected="a policy document",
                do="check that this is the policy document",
            )
        plain = _STRING.match(self.text, offset)
        if plain:
            return JsonScalar(plain[1], plain[0], offset, plain.end())
        first = self.text[offset : offset + 1]
        if first == '"':
            return self.string(offset)
        if first == "{":
            return self.object(offset, depth)
        if first == "[":
            return self.array(offset, depth)
        return self.word_or_number(offset)

    def word_or_number(self, offset: int) -> JsonScalar:
        word = _WORD.match(self.text, offset)
        if word:
            value = {"true": True, "false": False, "null": None}[word.group()]
            return JsonScalar(value, word.group(), offset, word.end())
        number = _NUMBER.match(self.text, offset)
        if not number:
            raise self.error(offset, "a JSON value")
        raw = number.group()
        whole = len(raw) <= _MOST_DIGITS and raw.lstrip("-").isdigit()
        return JsonScalar(int(raw) if whole else float(raw), raw, offset, number.end())

    def string(self, offset: int) -> JsonScalar:
        if self.text[offset : offset + 1] != '"':
            raise self.error(offset, 'a string in `"`')
        parts: list[str] = []
        at = offset + 1
        while True:
            chunk = _CHUNK.match(self.text, at)
            if not chunk:
                raise self.error(at, "a string without line breaks, closed on its line")
            parts.append(chunk.group(1))
            at = chunk.end()
            if chunk.group(2) == '"':
                raw = self.text[offset:at]
                return JsonScalar("".join(parts), raw, offset, at)
            character, at = self.escape(at)
            parts.append(character)

    def escape(self, offset: int) -> tuple[str, int]:
        letter = self.text[offset : offset + 1]
        if letter in _ESCAPES:
            return _ESCAPES[letter], offset + 1
        if letter != "u":
            raise self.error(offset - 1, "an escape sequence that JSON knows")
        code = self.hex(offset + 1)
        offset += 5
        if _HIGH <= code < _LOW and self.text.startswith("\\u", offset):
            low = self.hex(offset + 2)
            if _LOW <= low < _BEYOND:
                return chr(0x10000 + ((code - _HIGH) << 10) + (low - _LOW)), offset + 6
        if _HIGH <= code < _BEYOND:
            raise self.error(offset - 6, "a pair of surrogates, not half of one")
        return chr(code), offset

    def hex(self, offset: int) -> int:
        digits = _HEX.match(self.text, offset)
        if not digits:
            raise self.error(offset, "four hexadecimal digits")
        return int(digits.group(), 16)

    def array(self, start: int, depth: int) -> JsonArray:
        items: list[JsonNode] = []
        at = self.skip(start + 1)
        if self.text.startswith("]", at):
            return JsonArray((), start, at + 1)
        while True:
            item = self.value(at, depth + 1)
            items.append(item)
            after = _AFTER_ITEM.match(self.text, item.end)
            if after is None:
                raise self.error(self.skip(item.end), "`,` or `]`")
            at = after.end()
            if after.lastindex:
                return JsonArray(tuple(items), start, at)

    def object(self, start: int, depth: int) -> JsonObject:
        members: list[Member] = []
        at = self.skip(start + 1)
        if self.text.startswith("}", at):
            return JsonObject((), start, at + 1)
        while True:
            member = self.member(at, depth)
            members.append(member)
            after = _AFTER_MEMBER.match(self.text, member.value.end)
            if after is None:
                raise self.error(self.skip(member.value.end), "`,` or `}`")
            at = after.end()
            if after.lastindex:
                if len({member.name for member in members}) < len(members):
                    self.repeats = True
                return JsonObject(tuple(members), start, at)

    def member(self, offset: int, depth: int) -> Member:
        plain = _NAME.match(self.text, offset)
        if plain:
            end = plain.end(1) + 1
            key = JsonScalar(plain[1], self.text[offset:end], offset, end)
            return Member(plain[1], key, self.value(plain.end(), depth + 1))
        key = self.string(offset)
        colon = _COLON.match(self.text, key.end)
        if colon is None:
            raise self.error(self.skip(key.end), "`:`")
        return Member(key.text, key, self.value(colon.end(), depth + 1))
