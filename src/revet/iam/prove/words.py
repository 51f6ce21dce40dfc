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
from functools import lru_cache
from typing import TypeAlias

from revet.iam.prove.automata import COLON, Automaton, Product, automaton
from revet.iam.prove.outlines import plain_text
from revet.iam.prove.patterns import EVERYTHING, Opaque, Pattern, opaque_in
from revet.model.work import spend

Word: TypeAlias = tuple[str | Opaque, ...]
"""A text, letter by letter, with variables whose values are open."""
Sets: TypeAlias = frozenset[frozenset[Pattern]]

_NAMELESS = "xqzjkvwyXQZJKVWY0123456789"
_AFTER_LATIN = 0x100
_MOST_STATES = 100_000


class TooHardError(Exception):
    """There are more states than are worth looking at."""


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
    plain = plain_text(sets, outside)
    if plain is not None:
        return tuple(plain)
    anchored = next((patterns for patterns in sets if opaque_in(patterns)), None)
    if anchored is None:
        return _search([automaton(patterns) for patterns in sets], outside)
    others = [automaton(patterns, loose=True) for patterns in sets if patterns is not anchored]
    found = (
        _search([automaton(frozenset((pattern,))), *others], outside)
        for pattern in sorted(anchored, key=lambda one: len(one.places))
    )
    return min((word for word in found if word is not None), key=len, default=None)


def _search(sets: Sequence[Automaton], outside: frozenset[Pattern]) -> Word | None:
    avoided = automaton(outside)
    if avoided.start & avoided.doomed:
        return None
    product = Product(sets, avoided)
    nameless = _nameless((*sets, avoided))
    before: dict[int, tuple[int, str | Opaque] | None] = {product.start: None}
    waiting = deque([product.start])
    while waiting:
        state = waiting.popleft()
        if product.ends(state):
            return _path(before, state)
        for letter in _letters(product, state, nameless):
            after = product.step(state, letter)
            if after is not None and after not in before:
                before[after] = (state, letter)
                waiting.append(after)
        if len(before) > _MOST_STATES:
            raise TooHardError
    return None


def _letters(product: Product, state: int, nameless: str) -> dict[str | Opaque, None]:
    """The letters that are worth trying.

    A set without a wildcard at its places takes no letter but those that it has places for, and a
    loose one variables.
    """
    named, fewest = None, 0
    for segment in product.segments:
        places = state & segment.places
        if not places & segment.wild:
            count = places.bit_count()
            if named is None or count < fewest:
                named, fewest = segment, count
    if named is not None:
        found = dict.fromkeys(named.wanted(state))
        if named.loose:
            found |= dict.fromkeys([one for one in _wanted(product, state) if type(one) is not str])
    else:
        found = dict.fromkeys(_wanted(product, state))
        found[nameless] = None
        if product.colon:
            found[COLON] = None
    spend(len(found))
    return found


def _wanted(product: Product, state: int) -> list[str | Opaque]:
    """The letters that some set has a place of its own for."""
    return [letter for segment in product.segments for letter in segment.wanted(state)]


def _nameless(automata: Iterable[Automaton]) -> str:
    """A letter that no pattern names, a plain one where there is one."""
    known: frozenset[str] = frozenset().union(*(automaton.known for automaton in automata))
    letters = (*_NAMELESS, *map(chr, range(_AFTER_LATIN, _AFTER_LATIN + len(known) + 1)))
    free: Iterator[str] = (one for one in letters if not {one, one.lower()} & known)
    return next(free)


def _path(
    before: dict[int, tuple[int, str | Opaque] | None],
    state: int,
) -> Word:
    found: list[str | Opaque] = []
    step = before[state]
    while step is not None:
        state, letter = step
        found.append(letter)
        step = before[state]
    return tuple(reversed(found))
