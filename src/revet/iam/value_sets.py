"""Values that lie in several sets at once: texts in sets of patterns, numbers in ranges.

Exact for patterns without variables. A variable, or a reference that is not known yet, is any text,
the same wherever it is written: that there is no text is true for all values, that there is one
only perhaps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from itertools import chain, product
from math import inf
from typing import Any, TypeAlias

from revet.iam.compiled.resources import Reach, wildcards_of
from revet.iam.compiled.values import ArnGlob, Network
from revet.iam.glob_parts import ANY, ONE, Symbol, Variable
from revet.iam.globs import Glob
from revet.iam.operators import Kind, Relation
from revet.model.work import spend


class Reading(Enum):
    """How far the wildcards of a pattern reach."""

    TEXT = "over any characters"
    RESOURCE = "as in `Resource`: some stay in a field of the ARN"
    ARN = "as in a condition on ARNs: none leaves one of the first five fields"


Pattern: TypeAlias = tuple[Reading, Glob]
TextSet: TypeAlias = tuple[bool, frozenset[Pattern]]
"""The texts that match one of the patterns (`True`), or none of them."""
Range: TypeAlias = tuple[tuple[Any, int], tuple[Any, int]]
"""The lowest and the highest: a number and whether it is itself, or just above or below it; or the
version of an address and its number."""
RangeSet: TypeAlias = tuple[bool, frozenset[Range]]
_Moves: TypeAlias = dict[tuple[Any, bool], int]
"""At which places a letter, wildcard or variable is, with what `_tokens` says beside."""
_Step: TypeAlias = tuple[int, int, int, int]
"""Where a letter matters (-1: everywhere), the places it moves on and stays at, and the skipped."""

_OPEN, _COLONS, _BITS = (Variable, Symbol), 5, {4: 32, 6: 128}
_OTHER, _FOLDED = "\U0010fffd", "\u0178\u1e9e\u212a\u212b"
"""A letter of no policy, and those beyond U+00FF with a lower case that a policy can hold."""
_LOW = {Relation.EQUALS: 0, Relation.GREATER_EQUALS: 0, Relation.GREATER: 1}
_HIGH = {Relation.EQUALS: 0, Relation.LESS_EQUALS: 0, Relation.LESS: -1}
TRUTHS = {one: (Reading.TEXT, Glob.literal(str(one), ignore_case=True)) for one in (True, False)}
TEXTS = {
    "ARN": frozenset(((Reading.TEXT, Glob.parse("arn:*:*:*:*:*")),)),
    "Bool": frozenset((Reading.TEXT, Glob.literal(text)) for text in ("true", "false")),
}
"""The texts that a condition key of a type has; those of other types have any."""
RESOURCES = TEXTS["ARN"] | {(Reading.TEXT, Glob.literal("*"))}


def arn_pattern(pattern: ArnGlob) -> Pattern | None:
    """A pattern of a condition on ARNs as one of texts; `None` where it may match no ARN at all."""
    first, *others = pattern.fields
    if first.is_open:
        return None
    if not first.matches("arn") or any(
        isinstance(part, str) and ":" in part for field in others[:-1] for part in field.parts
    ):
        return Reading.ARN, Glob.literal(_OTHER + pattern.text)
    return Reading.ARN, Glob.of(["arn", *chain(*((":", *field.parts) for field in others))])


def range_of(value: Any, relation: Relation) -> Range:  # noqa: ANN401 - a number or a network
    """The numbers or addresses that have a relation to a value of a condition."""
    if isinstance(value, Network):
        return (value.version, value.first), (value.version, value.last)
    low, high = _LOW.get(relation), _HIGH.get(relation)
    return (-inf, 0) if low is None else (value, low), (inf, 0) if high is None else (value, high)


def some_number(sets: Sequence[RangeSet], kind: Kind) -> bool:
    """Whether a number, instant or IP address lies in all sets; numbers lie between any two."""
    edges = {(0, 0), (4, 0), (6, 0)}.union(*chain(*(ranges for _, ranges in sets)))
    points = {(head, tail + step) for head, tail in edges for step in (-1, 0, 1)}
    if kind is Kind.IP_ADDRESS:
        points = {one for one in points if one[0] in _BITS and not one[1] >> _BITS[one[0]]}
    return any(
        all(any(low <= point <= high for low, high in ranges) is inside for inside, ranges in sets)
        for point in points
    )


def spellings(glob: Glob) -> Iterator[str]:
    """The texts of a pattern that names but one, in any case where it ignores that."""
    cases = (
        {one, one.upper(), *(far for far in _FOLDED if far.lower() == one)} for one in glob.prefix
    )
    letters = cases if glob.ignore_case else glob.prefix
    return map("".join, product(*letters))


def some_bytes(sets: Sequence[tuple[bool, frozenset[bytes]]], *, empty: bool) -> bool:
    """Whether bytes lie in all sets: those of the empty text, or any."""
    inside = [values for wanted, values in sets if wanted]
    if empty:
        inside.append(frozenset((b"",)))
    outside = frozenset(chain(*(values for wanted, values in sets if not wanted)))
    return not inside or bool(frozenset.intersection(*inside) - outside)


def some_text(sets: Sequence[TextSet], known: Mapping[str, str], *, empty: bool = False) -> bool:
    """Whether a text lies in all sets, as far as one can tell.

    Args:
        sets: the sets.
        known: texts in place of variables, by key.
        empty: whether the empty text is meant, or any other one.
    """
    sets = [(inside, frozenset(_filled(one, known) for one in many)) for inside, many in sets]
    outside = frozenset(chain(*(patterns for inside, patterns in sets if not inside)))
    sets = [(inside, patterns - outside if inside else patterns) for inside, patterns in sets]
    if empty:
        return not any(not glob.is_open and glob.matches("") for _, glob in outside) and all(
            any(glob.loosened().matches("") for _, glob in patterns)
            for inside, patterns in sets
            if inside
        )
    opened = [n for n, one in enumerate(sets) if one[0] and any(glob.is_open for _, glob in one[1])]
    return all(_search(sets, anchor) for anchor in (-1, *opened))


def _filled(pattern: Pattern, known: Mapping[str, str]) -> Pattern:
    """A pattern with texts in place of variables; in a field of an ARN, only without a colon."""
    reading, glob = pattern
    texts = {k: v for k, v in known.items() if reading is not Reading.ARN or ":" not in v}
    parts = (texts.get(p.key, p) if isinstance(p, Variable) else p for p in glob.parts)
    return reading, Glob.of(parts, ignore_case=glob.ignore_case)


def _search(sets: Sequence[TextSet], anchor: int) -> bool:
    """Whether a text that is not empty is in all sets; a variable of the anchor's is one letter.

    Other patterns that must match take any text for it; those that must not match only that very
    variable, or where a wildcard takes anything. All are walked at once; a state is a set of bits.
    """
    moves: _Moves = defaultdict(int)
    start = place = own = apart = last = 0
    regions = []
    for number, (inside, patterns) in enumerate(sets):
        begin, ends = place, 0
        for pattern in patterns:
            start |= 1 << place
            for symbol, flag in _tokens(*pattern, inside=inside):
                free = inside and number != anchor and isinstance(symbol, _OPEN)
                moves[(ANY, True) if free else (symbol, flag)] |= 1 << place
                place += 1
            ends |= 1 << place
            place += 1
        here, last = (1 << place) - (1 << begin), last | ends
        own, apart = own | here * (number == anchor), apart | here * (inside and number != anchor)
        regions.append((inside, here, ends))
    steps = [*_letters(moves), *_variables(moves, own, apart, apart & ~last)]
    loops = moves[ANY, True] | moves[ANY, False]
    waiting, seen = [_closure(start, loops)], set()
    while waiting:
        state = waiting.pop()
        spend()
        for places, moving, staying, looping in steps:
            if places >= 0 and not state & places:
                continue
            after = _closure((state & moving) << 1 | state & staying, looping)
            if after in seen or not all(after & here for inside, here, _ in regions if inside):
                continue
            if all(bool(after & ends) is inside for inside, _, ends in regions):
                return True
            seen.add(after)
            waiting.append(after)
    return False


def _letters(moves: _Moves) -> Iterator[_Step]:
    """The letters that occur, a colon, and one that does not occur."""
    loops = moves[ANY, True] | moves[ANY, False]
    written = {symbol for symbol, _ in moves if isinstance(symbol, str)} | {*_FOLDED}
    cased = {case(letter) for letter in written for case in (str, str.lower, str.upper)}
    for letter in {":", _OTHER, *cased}:
        named = moves[letter, False] | moves[letter.lower(), True]
        ones, stay = moves[ONE, True], moves[ANY, True]
        if letter != ":":
            ones, stay = ones | moves[ONE, False], stay | moves[ANY, False]
        yield -1 if letter in (":", _OTHER) else named, named | ones, stay, loops


def _variables(moves: _Moves, own: int, apart: int, inner: int) -> Iterator[_Step]:
    """The variables of the anchor as letters, over which the sets that are apart may jump."""
    loops = moves[ANY, True] | moves[ANY, False] | inner
    found = [one for one, at in moves.items() if isinstance(one[0], _OPEN) and at & own]
    for symbol, flag in found:
        moving = moves[symbol, flag] | (moves[symbol, True] & ~own)
        yield -1, moving, (moves[ANY, True] & ~own) | apart, loops


def _closure(state: int, loops: int) -> int:
    while (more := state | (state & loops) << 1) != state:
        state = more
    return state


def _tokens(reading: Reading, glob: Glob, *, inside: bool) -> Iterator[tuple[Any, bool]]:
    """Letters and variables, with whether case is ignored; wildcards, whether they take a colon."""
    colons, wildcards = 0, wildcards_of(glob.parts)
    opened = next((at for at, part in enumerate(glob.parts) if isinstance(part, _OPEN)), inf)
    for at, part in enumerate(glob.parts):
        if isinstance(part, str):
            colons += part.count(":")
            yield from ((letter, glob.ignore_case) for letter in part)
            continue
        far = next(wildcards)[1] is Reach.ALL or (inside and at >= opened - 1)
        far = far if reading is Reading.RESOURCE else reading is Reading.TEXT or colons >= _COLONS
        yield part, glob.ignore_case if isinstance(part, _OPEN) else far
