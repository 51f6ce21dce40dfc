"""Several patterns as one automaton, whose states are bit sets of places.

A variable is a letter of its own. Where it fixes a place it is that letter; an automaton that is
loose takes any text for it beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from revet.iam.prove.patterns import Opaque, Pattern, Wild

COLON = ":"
_IN_FIELD = (Wild.ANY_IN_FIELD, Wild.ONE_IN_FIELD)
_ONES = (Wild.ONE, Wild.ONE_IN_FIELD)
_AFTER_LATIN, _LAST_LETTER = 0x100, 0x2C00


class Automaton:
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
            if letter != COLON:
                moving |= self._field_ones
                staying |= state & self._field_loops
            found = (state & moving) << 1 | staying
        elif not self.loose:
            found = (state & self._opaque.get(letter, 0)) << 1 | staying
        else:
            while True:  # some text: any number of any letters
                found = state | (state & ~self.final) << 1
                if found == state:
                    return state
                state = found
        after = found | (found & (self._loops | self._field_loops)) << 1
        return after if after == found else self._closed(after)

    def after(self, state: int, place: str | Wild | Opaque) -> int:
        """The state after whatever a place of another pattern stands for.

        A wildcard of these patterns takes it whole, or nothing does.
        """
        if not isinstance(place, Wild):
            return self.step(state, place)
        staying, moving = self._loops, self._ones
        if place in _IN_FIELD:
            staying |= self._field_loops
            moving |= self._field_ones
        if place in _ONES:
            return self._closed((state & moving) << 1 | state & staying)
        return self._closed(state & staying)

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
    others = _lookalikes().get(letter, ())
    return tuple(
        one for one in dict.fromkeys((letter, letter.upper(), *others)) if _is(one, letter)
    )


def _is(one: str, letter: str) -> bool:
    return one.lower() == letter


@cache
def _lookalikes() -> dict[str, tuple[str, ...]]:
    """Letters after Latin-1 by what they are in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for one in map(chr, range(_AFTER_LATIN, _LAST_LETTER)):
        found[one.lower()] = (*found.get(one.lower(), ()), one)
    return found


@lru_cache(maxsize=4096)
def automaton(patterns: frozenset[Pattern], *, loose: bool = False) -> Automaton:
    """The automaton of alternative patterns, made once.

    Args:
        patterns: the alternatives.
        loose: whether variables may stand for any text, beside themselves.
    """
    return Automaton(patterns, loose=loose)


def takes(pattern: Pattern, places: Iterable[str | Wild | Opaque]) -> bool:
    """Whether a pattern surely takes all texts of another one.

    Args:
        pattern: the pattern; a variable of its own takes only itself.
        places: of the other pattern, or a text.
    """
    found = automaton(frozenset((pattern,)))
    state = found.start
    for place in places:
        state = found.after(state, place)
        if not state:
            return False
    return bool(state & found.final)
