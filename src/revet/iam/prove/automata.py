"""Several patterns as one automaton, whose states are bit sets of places.

A variable is a letter of its own. Where it fixes a place it is that letter; an automaton that is
loose takes any text for it beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
        "colon", "doomed", "final", "known", "loops", "loose", "size", "start", "wild",
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
        self.size = bit.bit_length() - 1
        self.loops = self._loops | self._field_loops
        self.wild = self.loops | self._ones | self._field_ones
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
        return _grown(state, self.loops)

    def moves(self, letter: str | Opaque) -> tuple[int, int]:
        """The places that a letter leads on from, and those that it may stay at.

        Not for a letter that `is_free`, which leads on from everywhere.
        """
        if not isinstance(letter, str):
            return self._opaque.get(letter, 0), self._loops
        moving = self._letters.get(letter, 0) | self._ones
        if self._folded:
            moving |= self._folded.get(letter.lower(), 0)
        if letter == COLON:
            return moving, self._loops
        return moving | self._field_ones, self.loops

    def is_free(self, letter: str | Opaque) -> bool:
        """Whether a letter is a variable that this automaton takes for any text."""
        return self.loose and not isinstance(letter, str)

    def step(self, state: int, letter: str | Opaque) -> int:
        """The state after a letter."""
        if self.is_free(letter):
            return _grown(state, ~self.final)
        moving, staying = self.moves(letter)
        return self._closed((state & moving) << 1 | state & staying)

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


def _grown(state: int, places: int) -> int:
    """A state with all that some of its places lead on to without a letter."""
    while True:
        after = state | (state & places) << 1
        if after == state:
            return state
        state = after


class Product:
    """Several automata that walk together; a state is those of all of them, side by side.

    Args:
        sets: those that a text has to be in.
        avoided: the one that it must not be in.
    """

    __slots__ = (
        "_avoided", "_doomed", "_ends", "_finals", "_loops", "_moves", "_parts", "_places", "colon",
        "segments", "start",
    )  # fmt: skip

    def __init__(self, sets: Sequence[Automaton], avoided: Automaton) -> None:
        self._moves: dict[str | Opaque, tuple[int, int, int]] = {}
        self._parts: list[tuple[Automaton, int]] = []
        self._loops = self._finals = self.start = 0
        offset = 0
        for one in (*sets, avoided):
            self._parts.append((one, offset))
            self._loops |= one.loops << offset
            self._finals |= one.final << offset
            self.start |= one.start << offset
            offset += one.size
        pairs = self._parts[:-1]
        self.segments = [Segment(one, at) for one, at in pairs]
        self._places = [one.places for one in self.segments]
        self._ends = [one.final << at for one, at in pairs]
        last = self._parts[-1][1]
        self._avoided, self._doomed = avoided.final << last, avoided.doomed << last
        self.colon = any(one.colon for one, _ in self._parts)

    def ends(self, state: int) -> bool:
        """Whether a text that leads to a state is in all sets and is not avoided."""
        for final in self._ends:
            if not state & final:
                return False
        return not state & self._avoided

    def step(self, state: int, letter: str | Opaque) -> int | None:
        """The state after a letter; `None` when no text that begins so is what is looked for."""
        moves = self._moves.get(letter)
        if moves is None:
            moves = self._moves[letter] = self._combined(letter)
        moving, staying, free = moves
        after = (state & moving) << 1 | state & staying
        if free:
            after |= _grown(state & free, ~self._finals)
        loops = self._loops
        found = after | (after & loops) << 1
        if found != after:
            found = _grown(found, loops)
        if found & self._doomed:
            return None
        for places in self._places:
            if not found & places:
                return None
        return found

    def _combined(self, letter: str | Opaque) -> tuple[int, int, int]:
        """The moves of all automata, and the places of those that take the letter for any text."""
        moving = staying = free = 0
        for one, offset in self._parts:
            if one.is_free(letter):
                free |= (1 << one.size) - 1 << offset
                continue
            leading, resting = one.moves(letter)
            moving |= leading << offset
            staying |= resting << offset
        return moving, staying, free


class Segment:
    """Where the state of one automaton lies in that of several.

    Args:
        automaton: the automaton.
        offset: where its places begin.
    """

    __slots__ = ("_automaton", "_offset", "loose", "places", "wild")

    def __init__(self, automaton: Automaton, offset: int) -> None:
        self._automaton = automaton
        self._offset = offset
        self.loose = automaton.loose
        self.places = (1 << automaton.size) - 1 << offset
        self.wild = automaton.wild << offset

    def wanted(self, state: int) -> Iterator[str | Opaque]:
        """The letters that it has a place of its own for."""
        return self._automaton.wanted((state & self.places) >> self._offset)


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
