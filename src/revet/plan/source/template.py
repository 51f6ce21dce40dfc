"""Templates: their pieces put together as the language has it.

Source: HCL native syntax specification, "Templates": escapes, directives, strip markers, and the
indentation of flush heredocs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from revet.plan.source.syntax import Conditional, Constant, For, SourceError, Syntax, Text

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LAST_CODE = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Directive:
    """An interpolation or directive.

    Args:
        kind: `if`, `else`, `endif`, `for`, `endfor`; empty for an interpolation.
        value: its expression.
        names: what a `for` calls the elements.
        left: whether white space before it goes.
        right: whether white space behind it goes.
    """

    kind: str
    value: Syntax | None
    names: tuple[str, ...] = ()
    left: bool = False
    right: bool = False


Piece: TypeAlias = str | Directive


def unescaped(text: str) -> str:
    """A quoted text without its backslashes.

    Raises:
        ValueError: an escape that the language lacks.
    """
    return _ESCAPE.sub(_meant, text) if "\\" in text else text


def _meant(match: re.Match[str]) -> str:
    short, long, letter = match.groups()
    if letter:
        if letter not in _ESCAPES:
            message = f"the escape `\\{letter}`, which the language lacks"
            raise ValueError(message)
        return _ESCAPES[letter]
    code = int(short or long, 16)
    if code > _LAST_CODE:
        message = f"the escape `{match.group()}`, which is beyond Unicode"
        raise ValueError(message)
    return chr(code)


def assemble(pieces: Sequence[Piece], file: str, *, indented: bool = False) -> Syntax:
    """One expression of the pieces of a template.

    Args:
        pieces: texts between interpolations and directives, `$${` and `%%{` still in them.
        file: for messages.
        indented: whether the indentation that all lines share goes (`<<-`).

    Raises:
        SourceError: directives that do not belong together.
    """
    if indented:
        pieces = _flush(pieces)
    stripped = _stripped(pieces)
    reader = _Reader(stripped, file)
    parts = reader.parts(())
    if reader.at < len(stripped):
        raise SourceError(file, "a directive of a template that was not opened")
    if len(parts) == 1 and (isinstance(parts[0], Constant) or _is_interpolation(stripped)):
        return parts[0]
    return Text(tuple(parts)) if parts else Constant("")


def _is_interpolation(pieces: Sequence[Piece]) -> bool:
    return len(pieces) == 1 and isinstance(pieces[0], Directive) and not pieces[0].kind


def _flush(pieces: Sequence[Piece]) -> list[Piece]:
    """Without the indentation that all lines share; lines begin in texts only."""
    starts: list[int] = []
    begins = True
    for piece in pieces:
        if isinstance(piece, Directive):
            if begins:
                starts.append(0)
            begins = False
            continue
        lines = piece.split("\n")
        for number, line in enumerate(lines):
            is_last = number == len(lines) - 1
            if (number or begins) and (line.strip() or (is_last and piece is not pieces[-1])):
                starts.append(len(line) - len(line.lstrip(" \t")))
        begins = False
    most = min(starts, default=0)
    if not most:
        return list(pieces)
    found: list[Piece] = []
    begins = True
    for piece in pieces:
        if isinstance(piece, str):
            lines = piece.split("\n")
            done = [
                line[min(most, len(line) - len(line.lstrip(" \t"))) :] if n or begins else line
                for n, line in enumerate(lines)
            ]
            found.append("\n".join(done))
        else:
            found.append(piece)
        begins = False
    return found


def _stripped(pieces: Sequence[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for number, piece in enumerate(pieces):
        if isinstance(piece, str):
            before = pieces[number - 1] if number else None
            behind = pieces[number + 1] if number + 1 < len(pieces) else None
            text = piece
            if isinstance(before, Directive) and before.right:
                text = text.lstrip()
            if isinstance(behind, Directive) and behind.left:
                text = text.rstrip()
            if text:
                found.append(text.replace("$${", "${").replace("%%{", "%{"))
        else:
            found.append(piece)
    return found


class _Reader:
    """Reads pieces one after another, directives with what belongs to them."""

    def __init__(self, pieces: Sequence[Piece], file: str) -> None:
        self.pieces = pieces
        self.file = file
        self.at = 0

    def parts(self, ends: tuple[str, ...]) -> list[Syntax]:
        """The parts up to one of some directives, or to the end."""
        found: list[Syntax] = []
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            if isinstance(piece, str):
                found.append(Constant(piece))
                self.at += 1
            elif piece.kind in ends:
                return found
            elif piece.kind in ("else", "endif", "endfor"):
                break
            else:
                self.at += 1
                found.append(self.directive(piece))
        if ends:
            raise SourceError(self.file, "a directive of a template that is not closed")
        return found

    def directive(self, piece: Directive) -> Syntax:
        if piece.value is None:
            raise SourceError(self.file, "an interpolation without an expression")
        if piece.kind == "if":
            yes = Text(tuple(self.parts(("else", "endif"))))
            no: Syntax = Constant("")
            if self.kind() == "else":
                self.at += 1
                no = Text(tuple(self.parts(("endif",))))
            self.at += 1
            return Conditional(piece.value, yes, no)
        if piece.kind == "for":
            body = Text(tuple(self.parts(("endfor",))))
            self.at += 1
            key = piece.names[0] if len(piece.names) > 1 else ""
            return For(key, piece.names[-1], piece.value, body, text=True)
        return piece.value

    def kind(self) -> str:
        piece = self.pieces[self.at]
        return piece.kind if isinstance(piece, Directive) else ""
