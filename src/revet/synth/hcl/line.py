"""An expression on one line, as `terraform fmt` spaces it, and texts between quotes.

Source: `hclwrite/format.go`, `spaceAfterToken`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from revet.synth.hcl.tree import Brackets, Computed, Heredoc, Member, Node, Row, Text, Word, text

CLOSING = {"(": ")", "[": "]", "{": "}"}
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_BEFORE_ESCAPE = re.compile(r"([$%])(?=\1\{)")
_NEGATED = frozenset("([{=:,?+-*/%")


def one_line(node: Node) -> str:
    """An expression on one line."""
    pieces = list(_pieces(node))
    return "".join(
        piece.text + (" " if _spaced(before, piece, following) else "")
        for before, piece, following in zip(
            [_NOTHING, *pieces], pieces, [*pieces[1:], _NOTHING], strict=False
        )
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A token on its way to a line."""

    text: str
    is_word: bool = False
    is_text: bool = False


_NOTHING = _Piece("")


def _pieces(node: Node) -> Iterator[_Piece]:
    match node:
        case Word(text=written, is_word=is_word):
            yield _Piece(written, is_word)
        case Heredoc(lines):
            yield from _pieces(text("\n".join((*lines, ""))))
        case Text(parts):
            yield _Piece(f'"{"".join(quoted(parts))}"', is_text=True)
        case Member(key, value):
            yield from _pieces(key)
            yield _Piece("=")
            yield from _pieces(value)
        case Row(items):
            for item in items:
                yield from _pieces(item)
        case Brackets(opening, items):
            yield _Piece(opening)
            for number, item in enumerate(items):
                if number:
                    yield _Piece(",")
                yield from _pieces(item)
            yield _Piece(CLOSING[opening])


def _spaced(before: _Piece, piece: _Piece, following: _Piece) -> bool:  # noqa: PLR0911 - as in its source
    if following is _NOTHING:
        return False
    left, right = piece.text, following.text
    if piece.is_word and right in ("(", "::"):
        return False
    if left in (".", "::") or right in (".", "::", ",", "..."):
        return False
    if left == ",":
        return True
    if left == "in" and before.is_word:
        return True
    if right == "[" and (piece.is_word or left[0].isdigit() or left in (")", "]", "}")):
        return False
    if left == "!":
        return False
    if left == "-":
        return before is not _NOTHING and before.text not in _NEGATED
    if left == "{" or right == "}":
        return not (left == "{" and right == "}")
    return left not in ("(", "[") and right not in (")", "]")


def quoted(parts: Sequence[str | Computed]) -> Iterator[str]:
    """The parts of a text as they stand between quotes."""
    for part, following in pairwise((*parts, "")):
        if isinstance(part, Computed):
            inner = one_line(part.expression)
            pad = " " if inner.startswith("{") else ""
            end = " " if inner.endswith("}") else ""
            yield f"{part.sign}{{{pad}{inner}{end}}}"
        elif isinstance(following, Computed) and part.endswith(following.sign):
            yield f"{escaped(part[:-1])}\\u{ord(following.sign):04x}"  # else it would be an escape
        else:
            yield escaped(part)


def escaped(value: str) -> str:
    """A text as it stands between quotes.

    A sign right before an escape of the same sign is written as its code: not every reader of HCL
    understands `$$${`.
    """
    signs = "".join(_NAMED.get(sign) or _shown(sign) for sign in value)
    alone = _BEFORE_ESCAPE.sub(lambda found: f"\\u{ord(found.group()):04x}", signs)
    return alone.replace("${", "$${").replace("%{", "%%{")


def unquoted(line: str) -> str:
    """A line as it stands in a heredoc."""
    return line.replace("${", "$${").replace("%{", "%%{")


def _shown(sign: str) -> str:
    if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp"):
        return f"\\u{ord(sign):04x}" if ord(sign) <= 0xFFFF else f"\\U{ord(sign):08x}"  # noqa: PLR2004
    return sign
