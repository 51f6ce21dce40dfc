"""What JSON and field patterns have in common: words, comparisons, `&&`, `||` and parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from revet.embedded.call import Json

MISSING = object()
"""In the place of a value that an event does not have."""
Condition = Callable[[Any], bool]
"""Takes an event, read as its pattern reads it."""
_WORD = re.compile(
    r"""\s*(?P<word>"(?:[^"\\]|\\.)*"|%(?:[^%\\]|\\.)+%|&&|\|\||!=|<=|>=|[=<>(),{}\[\]]|\.\.\."""
    r"""|(?:[^\s"%&|!=<>(),{}\[\]]|\[(?:\d+|\*|"[^"]*"|'[^']*')\])+)"""
)
_LIKE_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


class PatternError(ValueError):
    """A text that is not a filter pattern; it says why."""


@dataclass(slots=True)
class Words:
    """The words of a pattern, read from left to right.

    Args:
        all: of them.
        place: of the next one.
    """

    all: list[str]
    place: int = 0

    @property
    def next(self) -> str:
        """The next word; empty at the end."""
        return self.all[self.place] if self.place < len(self.all) else ""

    def take(self) -> str:
        """The next word, which then is behind us.

        Raises:
            PatternError: there is none.
        """
        word = self.next
        if not word:
            raise PatternError("the pattern ends too early")
        self.place += 1
        return word

    def expect(self, word: str) -> None:
        """Take one that must come.

        Raises:
            PatternError: another one comes.
        """
        found = self.take()
        if found != word:
            raise PatternError(f"`{found}` where `{word}` is expected")


def words_of(text: str) -> Words:
    """The words of a pattern.

    Raises:
        PatternError: there is something that is not a word.
    """
    found, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = _WORD.match(text, place)
        if match is None:
            raise PatternError(f"`{text[place : place + 40]}` is not understood")
        found.append(match["word"])
        place = match.end()
    return Words(found)


def alternatives(words: Words, single: Callable[[Words], Condition]) -> Condition:
    """A condition of single ones, with `&&` before `||`.

    Args:
        words: that come.
        single: reads one condition without `&&` and `||`.

    Raises:
        PatternError: it cannot be read.
    """
    parts = [_together(words, single)]
    while words.next == "||":
        words.take()
        parts.append(_together(words, single))
    return parts[0] if len(parts) == 1 else lambda event: any(part(event) for part in parts)


def _together(words: Words, single: Callable[[Words], Condition]) -> Condition:
    parts = [_one(words, single)]
    while words.next == "&&":
        words.take()
        parts.append(_one(words, single))
    return parts[0] if len(parts) == 1 else lambda event: all(part(event) for part in parts)


def _one(words: Words, single: Callable[[Words], Condition]) -> Condition:
    if words.next != "(":
        return single(words)
    words.take()
    inner = alternatives(words, single)
    words.expect(")")
    return inner


def comparison(operator: str, word: str) -> Callable[[Json], bool]:
    """A comparison of one value.

    Numbers are compared as numbers; texts may hold `*`, and are compared for equality alone. A
    value that is missing differs from everything.

    Args:
        operator: `=`, `!=`, `<`, `<=`, `>` or `>=`.
        word: as the pattern has it.

    Raises:
        PatternError: there is no such operator, or it takes numbers only.
    """
    if operator in ("<", "<=", ">", ">="):
        bound = _number(word)
        if bound is None:
            raise PatternError(f"`{operator}` compares numbers, and `{word}` is not one")
        return _ordered(operator, bound)
    if operator not in ("=", "!="):
        raise PatternError(f"`{operator}` where a comparison is expected")
    equal = _equal(word)
    return equal if operator == "=" else lambda value: not equal(value)


def _ordered(operator: str, bound: float) -> Callable[[Json], bool]:
    def holds(value: Json) -> bool:
        number = _as_number(value)
        if number is None:
            return False
        return {
            "<": number < bound,
            "<=": number <= bound,
            ">": number > bound,
            ">=": number >= bound,
        }[operator]

    return holds


def _equal(word: str) -> Callable[[Json], bool]:
    if word.startswith("%") and word.endswith("%"):
        searched = expression(word[1:-1])
        return lambda value: _is_text(value) and searched.search(_text(value)) is not None
    quoted = word.startswith('"')
    wanted = re.sub(r"\\(.)", r"\1", word[1:-1]) if quoted else word
    number = None if quoted else _number(wanted)
    if number is not None:
        return lambda value: _as_number(value) == number
    whole = re.compile(".*".join(re.escape(part) for part in wanted.split("*")), re.DOTALL)
    return lambda value: _is_text(value) and whole.fullmatch(_text(value)) is not None


def _is_text(value: Json) -> bool:
    return isinstance(value, (str, int, float, bool))


def _text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(text: str) -> float | None:
    return float(text) if _LIKE_NUMBER.fullmatch(text) else None


def _as_number(value: Json) -> float | None:
    if isinstance(value, bool):
        return None
    return float(value) if isinstance(value, (int, float)) else _number(str(value))


def expression(text: str) -> re.Pattern[str]:
    """A regular expression between two `%`.

    Raises:
        PatternError: it is not one.
    """
    try:
        return re.compile(text)
    except re.error as error:
        raise PatternError(f"`{text}` is not a regular expression: {error}") from error
