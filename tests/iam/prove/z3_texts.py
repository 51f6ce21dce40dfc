"""Texts and patterns of policies for z3: regular expressions, and prefixes where variables stand.

Written from AWS's pages and from what the evaluator reads them as, not from the prover. Source: IAM
User Guide, "IAM JSON policy elements: Resource" (wildcards), "IAM policy elements: Variables and
tags".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

import z3

from revet.iam.compiled.resources import Reach, wildcards_of
from revet.iam.glob_parts import ANY, Part, Symbol, Variable, Wildcard
from revet.iam.globs import Glob

Expression: TypeAlias = Any
"""An expression of z3, which has no types of its own."""

COLON = ":"
COLONS = 5
_LAST = "\\u{2ffff}"


class UnsupportedError(Exception):
    """The model cannot say it exactly; the question is left out and counted."""


class Wild(NamedTuple):
    """A wildcard.

    Args:
        many: `*`, otherwise `?`.
        colons: whether it takes a colon.
    """

    many: bool
    colons: bool


Piece: TypeAlias = str | Wild | Variable
ValueOf: TypeAlias = Callable[[Variable], Expression]
"""The text of a variable as an expression."""


def _letters(*, colons: bool) -> Expression:
    if colons:
        return z3.AllChar(z3.ReSort(z3.StringSort()))
    return z3.Union(
        z3.Range(z3.StringVal("\\u{0}"), z3.StringVal("9")),
        z3.Range(z3.StringVal(";"), z3.StringVal(_LAST)),
    )


def text_pieces(glob: Glob) -> tuple[Piece, ...]:
    """A pattern whose wildcards reach over anything."""
    return tuple(_piece(part, colons=True) for part in glob.parts)


def field_pieces(fields: Sequence[Glob]) -> tuple[Piece, ...]:
    """The six fields of an ARN operator; only in the last one may wildcards take colons."""
    found: list[Piece] = []
    for number, field in enumerate(fields):
        found.extend([COLON] if number else [])
        found.extend(_piece(part, colons=number == COLONS) for part in field.parts)
    return tuple(found)


def resource_pieces(glob: Glob) -> tuple[Piece, ...]:
    """A pattern of `Resource`.

    How far a wildcard reaches depends on the colons before it and on the letter after it.

    Raises:
        UnsupportedError: it depends on the value of a variable.
    """
    reaches = iter([reach for _, reach in wildcards_of(glob.parts)])
    found: list[Piece] = []
    for place, part in enumerate(glob.parts):
        reach = Reach.ALL if isinstance(part, str) else next(reaches)
        after = glob.parts[place + 1 : place + 2]
        if isinstance(part, Wildcard) and reach is Reach.FIELD:
            near = [*glob.parts[:place], *after]
            if any(isinstance(other, Variable) for other in near):
                raise UnsupportedError(glob.text)
        found.append(_piece(part, colons=reach is Reach.ALL))
    return tuple(found)


def _piece(part: Part, *, colons: bool) -> Piece:
    if isinstance(part, Symbol):
        raise UnsupportedError(part.text)
    if isinstance(part, Wildcard):
        return Wild(part is ANY, colons)
    return part


def regular(
    pieces: Iterable[Piece], *, ignore_case: bool = False, value: ValueOf | None = None
) -> Expression:
    """The regular expression of a pattern; a variable is the expression of its value."""
    parts = [_regular(piece, value, ignore_case=ignore_case) for piece in pieces]
    if not parts:
        return z3.Re("")
    return parts[0] if len(parts) == 1 else z3.Concat(*parts)


def _regular(piece: Piece, value: ValueOf | None, *, ignore_case: bool) -> Expression:
    if isinstance(piece, Wild):
        if piece.many:
            return z3.Full(z3.ReSort(z3.StringSort())) if piece.colons else z3.Star(
                _letters(colons=False)
            )  # fmt: skip
        return _letters(colons=piece.colons)
    if isinstance(piece, Variable):
        if value is None:
            raise UnsupportedError(piece.key)
        return z3.Re(value(piece))
    if ignore_case and piece.lower() != piece.upper():
        letters = [_any_case(letter) for letter in piece]
        return letters[0] if len(letters) == 1 else z3.Concat(*letters)
    return z3.Re(text_value(piece))


def _any_case(letter: str) -> Expression:
    cases = {letter.lower(), letter.upper()}
    found = [z3.Re(text_value(case)) for case in sorted(cases)]
    return found[0] if len(found) == 1 else z3.Union(*found)


def text_value(text: str) -> Expression:
    """A text as z3 writes it."""
    plain = (c if " " <= c <= "~" and c != "\\" else f"\\u{{{ord(c):x}}}" for c in text)
    return z3.StringVal("".join(plain))


def matches(
    text: Expression, pieces: Sequence[Piece], value: ValueOf, *, ignore_case: bool = False
) -> Expression:
    """Whether a text matches a pattern, with the values of variables for them.

    Raises:
        UnsupportedError: letters are compared without case to the value of a variable.
    """
    if not any(isinstance(piece, Variable) for piece in pieces):
        if all(isinstance(piece, str) for piece in pieces) and not ignore_case:
            return text == text_value("".join(map(str, pieces)))
        return z3.InRe(text, regular(pieces, ignore_case=ignore_case))
    if ignore_case:
        raise UnsupportedError("a variable under an operator that ignores case")
    stars = [at for at, piece in enumerate(pieces) if isinstance(piece, Wild) and piece.many]
    if not stars:
        return z3.And(*_fixed(text, pieces, value, z3.IntVal(0), whole=True))
    head, tail = pieces[: stars[0]], pieces[stars[-1] + 1 :]
    middle = pieces[stars[0] : stars[-1] + 1]
    begin, end = _length(head, value), _length(tail, value)
    rest = z3.SubString(text, begin, z3.Length(text) - begin - end)
    return z3.And(
        z3.Length(text) >= begin + end,
        *_fixed(text, head, value, z3.IntVal(0), whole=False),
        *_fixed(text, tail, value, z3.Length(text) - end, whole=False),
        z3.InRe(rest, regular(middle, value=value)),
    )


def among(
    text: Expression,
    patterns: Sequence[Sequence[Piece]],
    value: ValueOf,
    lacking: Callable[[Sequence[Variable]], Expression],
    *,
    negated: bool,
    ignore_case: bool = False,
) -> Expression:
    """Whether a text matches one of some patterns.

    Those without variables are one regular expression, which z3 handles best.

    Args:
        text: the text.
        patterns: the patterns.
        value: the text of a variable.
        lacking: whether one of some variables has no text.
        negated: whether the set is negated: a variable without text then makes the whole fail.
        ignore_case: whether case is ignored.
    """
    opened = [one for one in patterns if _variables(one)]
    closed = [one for one in patterns if not _variables(one)]
    found: list[Expression] = []
    if closed:
        expressions = [regular(one, ignore_case=ignore_case) for one in closed]
        union = expressions[0] if len(expressions) == 1 else z3.Union(*expressions)
        found.append(z3.InRe(text, union))
    for one in opened:
        same = matches(text, one, value, ignore_case=ignore_case)
        found.append(z3.If(lacking(_variables(one)), z3.BoolVal(val=negated), same))
    return z3.Or(*found)


def _variables(pieces: Sequence[Piece]) -> list[Variable]:
    return [piece for piece in pieces if isinstance(piece, Variable)]


def _fixed(
    text: Expression, pieces: Sequence[Piece], value: ValueOf, begin: Expression, *, whole: bool
) -> list[Expression]:
    """That pieces without `*` stand in a text one after another."""
    if not any(isinstance(piece, Wild) for piece in pieces):
        joined = _joined([_text(piece, value) for piece in pieces])
        if whole:
            return [text == joined]
        return [z3.SubString(text, begin, z3.Length(joined)) == joined] if pieces else []
    found: list[Expression] = []
    at = begin
    for piece in pieces:
        long = _length([piece], value)
        part = z3.SubString(text, at, long)
        if isinstance(piece, Wild):
            found.append(z3.InRe(part, _letters(colons=piece.colons)))
        else:
            found.append(part == _text(piece, value))
        at = at + long
    return [*found, z3.Length(text) == at] if whole else found


def _text(piece: Piece, value: ValueOf) -> Expression:
    if isinstance(piece, Wild):
        raise UnsupportedError("a wildcard has no text")
    return text_value(piece) if isinstance(piece, str) else value(piece)


def _joined(texts: Sequence[Expression]) -> Expression:
    if not texts:
        return text_value("")
    return texts[0] if len(texts) == 1 else z3.Concat(*texts)


def _length(pieces: Iterable[Piece], value: ValueOf) -> Expression:
    found = z3.IntVal(0)
    for piece in pieces:
        found = found + (1 if isinstance(piece, Wild) else z3.Length(_text(piece, value)))
    return z3.simplify(found)
