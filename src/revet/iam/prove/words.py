"""Whether a text is in all of some sets and in none of some patterns; if so, a shortest one.

All patterns of a set are walked at once as one automaton whose states are bit sets of places.
Only letters that a set demands are tried, the colon, and one letter that no pattern names: any
other letter is taken by no more sets, and is at best as hard to avoid as the nameless one. The
colon is tried because some wildcards of ARNs do not reach over it.

A variable is a letter of its own. In the pattern that fixes its place it is that letter; in the
other patterns that the text has to match it may be any text; in a pattern to be avoided it is
only itself. So "there is no such text" holds for all values of the variables, while a text that is
found may need a value that the variables cannot have.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import TypeAlias

from revet.iam.prove.patterns import EVERYTHING, Opaque, Pattern, Wild, opaque_in
from revet.model.work import spend

Word: TypeAlias = tuple[str | Opaque, ...]
"""A text, letter by letter, with variables whose values are open."""
Sets: TypeAlias = frozenset[frozenset[Pattern]]

_COLON = ":"
_NAMELESS = "xqzjkvwyXQZJKVWY0123456789"
_AFTER_LATIN, _LAST_LETTER = 0x100, 0x2C00
_MOST_STATES = 100_000


class TooHardError(Exception):
    """There are more states than are worth looking at."""


class _Automaton:
    """Several patterns as one automaton; a state is a bit set of places.

    Args:
        patterns: the alternatives.
        loose: whether variables may stand for any text, beside themselves.
    """

    __slots__ = (
        "_field_loops", "_field_ones", "_folded", "_letters", "_loops", "_ones", "_opaque", "_own",
        "colon", "doomed", "final", "known", "loose", "start", "wild",
    )  # fmt: skip

    def __init__(self, patterns: Iterable[Pattern], *, loose: bool = False) -> None:
        self.loose = loose
        self._letters: dict[str, int] = {}
        self._folded: dict[str, int] = {}
        self._opaque: dict[Opaque, int] = {}
        self._own: dict[int, tuple[str | Opaque, ...]] = {}
        self._loops = self._field_loops = self._ones = self._field_ones = 0
        self.final = self.doomed = 0
        begin = 0
        bit = 1
        for pattern in patterns:
            begin |= bit
            for place in pattern.places:
                self._add(place, bit, ignore_case=pattern.ignore_case)
                bit <<= 1
            if pattern.places and pattern.places[-1] is Wild.ANY:
                self.doomed |= bit >> 1
            self.final |= bit
            bit <<= 1
        self.wild = self._loops | self._field_loops | self._ones | self._field_ones
        self.known = frozenset(self._letters) | frozenset(self._folded)
        self.colon = bool(self._field_loops | self._field_ones)
        self.start = self._closed(begin)

    def _add(self, place: str | Wild | Opaque, bit: int, *, ignore_case: bool) -> None:
        if isinstance(place, str):
            table = self._folded if ignore_case else self._letters
            table[place] = table.get(place, 0) | bit
            self._own[bit] = _cases(place) if ignore_case else (place,)
        elif place is Wild.ANY:
            self._loops |= bit
        elif place is Wild.ANY_IN_FIELD:
            self._field_loops |= bit
        elif place is Wild.ONE:
            self._ones |= bit
        elif place is Wild.ONE_IN_FIELD:
            self._field_ones |= bit
        elif not isinstance(place, Wild):
            self._opaque[place] = self._opaque.get(place, 0) | bit
            if self.loose:
                self._loops |= bit
            else:
                self._own[bit] = (place,)

    def _closed(self, state: int) -> int:
        loops = self._loops | self._field_loops
        while True:
            after = state | (state & loops) << 1
            if after == state:
                return state
            state = after

    def step(self, state: int, letter: str | Opaque) -> int:
        """The state after a letter."""
        staying = state & self._loops
        if isinstance(letter, str):
            moving = self._letters.get(letter, 0) | self._ones
            if self._folded:
                moving |= self._folded.get(letter.lower(), 0)
            if letter != _COLON:
                moving |= self._field_ones
                staying |= state & self._field_loops
            return self._closed((state & moving) << 1 | staying)
        if not self.loose:
            return self._closed((state & self._opaque.get(letter, 0)) << 1 | staying)
        while True:  # some text: any number of any letters
            after = state | (state & ~self.final) << 1
            if after == state:
                return state
            state = after

    def wanted(self, state: int) -> Iterator[str | Opaque]:
        """The letters that a state has a place of its own for."""
        rest = state & ~self.wild
        while rest:
            bit = rest & -rest
            rest ^= bit
            yield from self._own.get(bit, ())


@cache
def _cases(letter: str) -> tuple[str, ...]:
    """The letters that are the same without case: two as a rule, three where a sign looks alike."""
    others = map(chr, range(_AFTER_LATIN, _LAST_LETTER))
    return tuple(
        dict.fromkeys(one for one in (letter, letter.upper(), *others) if one.lower() == letter)
    )


@lru_cache(maxsize=4096)
def _automaton(patterns: frozenset[Pattern], *, loose: bool) -> _Automaton:
    return _Automaton(patterns, loose=loose)


@lru_cache(maxsize=65536)
def shortest(among: Sets, outside: frozenset[Pattern]) -> Word | None:
    """A shortest text that is in each of some sets and matches none of some patterns.

    Args:
        among: the sets, each of alternative patterns.
        outside: the patterns that it must not match.

    Returns:
        `None` when there is none, whatever the values of variables.

    Raises:
        TooHardError: there are more states than are worth looking at.
    """
    if EVERYTHING in outside:
        return None
    sets = [patterns for patterns in among if EVERYTHING not in patterns]
    anchored = next((patterns for patterns in sets if opaque_in(patterns)), None)
    if anchored is None:
        return _search([_automaton(patterns, loose=False) for patterns in sets], outside)
    others = [_automaton(patterns, loose=True) for patterns in sets if patterns is not anchored]
    found = (
        _search([_automaton(frozenset((pattern,)), loose=False), *others], outside)
        for pattern in sorted(anchored, key=lambda one: len(one.places))
    )
    return min((word for word in found if word is not None), key=len, default=None)


def _search(sets: Sequence[_Automaton], outside: frozenset[Pattern]) -> Word | None:
    avoided = _automaton(outside, loose=False)
    automata = (*sets, avoided)
    nameless = _nameless(automata)
    first = (*(automaton.start for automaton in sets), avoided.start)
    before: dict[tuple[int, ...], tuple[tuple[int, ...], str | Opaque] | None] = {first: None}
    waiting = deque([first])
    colon = any(automaton.colon for automaton in automata)
    pairs = list(enumerate(sets))
    if first[-1] & avoided.doomed:
        return None
    while waiting:
        states = waiting.popleft()
        if not states[-1] & avoided.final and all(states[at] & one.final for at, one in pairs):
            return _path(before, states)
        for letter in _letters(sets, states, nameless, colon=colon):
            after = _moved(sets, avoided, states, letter)
            if after is not None and after not in before:
                before[after] = (states, letter)
                waiting.append(after)
        if len(before) > _MOST_STATES:
            raise TooHardError
    return None


def _letters(
    sets: Sequence[_Automaton], states: tuple[int, ...], nameless: str, *, colon: bool
) -> dict[str | Opaque, None]:
    """The letters that are worth trying."""
    pairs = list(zip(sets, states, strict=False))
    found = dict.fromkeys(letter for one, state in pairs for letter in one.wanted(state))
    if all(state & one.wild for one, state in pairs):
        found[nameless] = None
        if colon:
            found[_COLON] = None
    spend(len(found))
    return found


def _moved(
    sets: Sequence[_Automaton],
    avoided: _Automaton,
    states: tuple[int, ...],
    letter: str | Opaque,
) -> tuple[int, ...] | None:
    """The states after a letter; `None` when a set takes no text that begins so."""
    moved = []
    for one, state in zip(sets, states, strict=False):
        after = one.step(state, letter)
        if not after:
            return None
        moved.append(after)
    hit = avoided.step(states[-1], letter)
    return None if hit & avoided.doomed else (*moved, hit)


def _nameless(automata: Iterable[_Automaton]) -> str:
    """A letter that no pattern names, a plain one where there is one."""
    known: frozenset[str] = frozenset().union(*(automaton.known for automaton in automata))
    letters = (*_NAMELESS, *map(chr, range(_AFTER_LATIN, _AFTER_LATIN + len(known) + 1)))
    free: Iterator[str] = (one for one in letters if not {one, one.lower()} & known)
    return next(free)


def _path(
    before: dict[tuple[int, ...], tuple[tuple[int, ...], str | Opaque] | None],
    states: tuple[int, ...],
) -> Word:
    found: list[str | Opaque] = []
    step = before[states]
    while step is not None:
        states, letter = step
        found.append(letter)
        step = before[states]
    return tuple(reversed(found))
