"""Whether patterns have a text in common, as far as how they begin and end tells it.

Most questions need no walk through automata: two ARNs differ in their bucket, or one pattern ends
in `*` and takes everything that the other one does. What is said here is what `words.shortest`
would find; what cannot be told so is left to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple, TypeAlias

from revet.iam.prove.automata import takes
from revet.iam.prove.domains import ARN
from revet.iam.prove.patterns import EVERYTHING, NOT_EMPTY, Pattern, Place, Wild

_MOST_CHOICES = 64
_PLAIN, _NAMELESS = "x", "\u0180"
"""A letter for people, and one that hardly a pattern names."""
_COLONS = 5
_Texts: TypeAlias = tuple[frozenset[frozenset[Pattern]], frozenset[Pattern]]
"""Texts in each of some sets that match none of some patterns."""
_ONES = frozenset((Wild.ONE, Wild.ONE_IN_FIELD))


class _Outline(NamedTuple):
    """What every text of a pattern is like, in lower case where the pattern ignores case.

    Args:
        head: what it begins with.
        tail: what it ends with, as far as that is behind the last wildcard.
        least: how many letters it has at least.
        exact: whether the head is the whole text.
        is_arn: whether it is an ARN.
        samples: texts of it, first a shortest one; none for a pattern with variables or references.
    """

    head: str
    tail: str
    least: int
    exact: bool
    is_arn: bool
    samples: tuple[str, ...]


@lru_cache(maxsize=16384)
def _outline(pattern: Pattern) -> _Outline:
    places = pattern.places
    count = len(places)
    head = _letters(places)
    exact = len(head) == count
    tail = head if exact else _letters(places[::-1])[::-1]
    rest = places[len(head) : count - len(tail)]
    ones = sum(place in _ONES for place in rest)
    letters = sum(isinstance(place, str) for place in rest)
    colons = places.count(":")
    samples: tuple[str, ...] = ()
    if not pattern.opaque:
        samples = (_shown(places, _PLAIN, ""), _shown(places, _NAMELESS, _NAMELESS))
    return _Outline(
        head=head,
        tail=tail,
        least=count if exact else len(head) + len(tail) + ones + letters,
        exact=exact,
        is_arn=head.startswith("arn:") and colons >= _COLONS and not pattern.ignore_case,
        samples=samples,
    )


def _shown(places: Iterable[object], letter: str, text: str) -> str:
    """A pattern with a letter for each wildcard that stands for one, and a text for the others."""
    return "".join(
        place if isinstance(place, str) else letter if place in _ONES else text for place in places
    )


def _letters(places: Iterable[Place]) -> str:
    """The text before the first place that is no letter."""
    found = []
    for place in places:
        if not isinstance(place, str):
            break
        found.append(place)
    return "".join(found)


def have_text(
    among: Iterable[frozenset[Pattern]], outside: frozenset[Pattern]
) -> bool | list[_Texts]:
    """Whether there is a text in each of some sets that matches none of some patterns.

    Args:
        among: the sets, each of alternative patterns.
        outside: the patterns that it must not match.

    Returns:
        Where that is not to be seen, the questions of which one has to have a text.
    """
    if EVERYTHING in outside:
        return False
    sets = [patterns for patterns in among if EVERYTHING not in patterns]
    if prod(map(len, sets)) > _MOST_CHOICES:
        return [(frozenset(sets), outside)]
    left: list[_Texts] = []
    for chosen in product(*sets):
        found = _in_all(chosen, outside)
        if found is True:
            return True
        if found is not False:
            left.append(found)
    if any(pattern.opaque for sets, _ in left for patterns in sets for pattern in patterns):
        return [(frozenset(sets), outside)]
    return left or False


def _in_all(chosen: Sequence[Pattern], outside: frozenset[Pattern]) -> bool | _Texts:
    """The same for one pattern of each set.

    A walk takes a variable for any text in all patterns but its own, so that it finds texts that
    there are not; nor are they said here not to be, for certificates are checked by such a walk.
    """
    opaque = sum([bool(pattern.opaque) for pattern in chosen])
    kept: list[Pattern] = []
    for pattern in chosen:
        if not kept:
            kept = [pattern]
            continue
        if _covers_one(pattern, kept):
            continue
        kept = [one for one in kept if not _covers(one, pattern)]
        others = [one for one in kept if opaque == bool(pattern.opaque or one.opaque)]
        if _apart_from_one(pattern, others):
            return False
        kept.append(pattern)
    left: list[Pattern] = []
    told = not opaque or (opaque == 1 and len(kept) == 1)
    for one in outside:
        if told and _covers_one(one, kept):
            return False
        if not _apart_from_one(one, kept):
            left.append(one)
    if _has_sample(kept, left):
        return True
    return frozenset([frozenset((pattern,)) for pattern in kept]), frozenset(left)


def _covers_one(wide: Pattern, patterns: Iterable[Pattern]) -> bool:
    """Whether a pattern surely takes all texts of one of some others."""
    for one in patterns:  # noqa: SIM110 - often asked about none or one
        if _covers(wide, one):
            return True
    return False


def _apart_from_one(pattern: Pattern, patterns: Iterable[Pattern]) -> bool:
    """Whether a pattern surely has no text in common with one of some others."""
    for one in patterns:  # noqa: SIM110 - as above
        if _apart(pattern, one):
            return True
    return False


def _has_sample(kept: Sequence[Pattern], left: Sequence[Pattern]) -> bool:
    """Whether a text that all of some patterns take, and none of others, is seen at once."""
    if not kept:
        return not left
    if len(kept) == 1 and not left:
        return True
    if any(pattern.opaque for pattern in kept):
        return False
    return any(
        all(one is pattern or takes(one, text) for one in kept) and not _taken(left, text)
        for pattern in kept
        for text in _outline(pattern).samples
    )


def plain_text(sets: Sequence[frozenset[Pattern]], outside: frozenset[Pattern]) -> str | None:
    """A shortest text, where the shortest one of a set will do.

    Args:
        sets: the sets that it must be in, each of alternative patterns.
        outside: the patterns that it must not match.

    Returns:
        `None` when it is not seen so easily.
    """
    if any(pattern.opaque for patterns in sets for pattern in patterns):
        return None
    for patterns in sets:
        texts = [_outline(pattern).samples[0] for pattern in patterns]
        text = min(texts, key=lambda one: (len(one), one), default=None)
        if (
            text is not None
            and all(one is patterns or _taken(one, text) for one in sets)
            and not _taken(outside, text)
        ):
            return text
    return None


def _taken(patterns: Iterable[Pattern], text: str) -> bool:
    return any(_may_match(one, text) and takes(one, text) for one in patterns)


@lru_cache(maxsize=16384)
def _covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether a pattern surely takes all texts of another one."""
    if wide in (narrow, EVERYTHING):
        return True
    one, two = _outline(wide), _outline(narrow)
    if wide == NOT_EMPTY:
        return two.least > 0
    if wide == ARN:
        return two.is_arn
    if narrow.ignore_case and not wide.ignore_case:
        return False
    if two.least < one.least or not (
        wide.ignore_case or (two.head.startswith(one.head) and two.tail.endswith(one.tail))
    ):
        return False
    return takes(wide, narrow.places)


def _apart(first: Pattern, second: Pattern) -> bool:
    """Whether two patterns surely have no text in common."""
    one, two = _outline(first), _outline(second)
    if (one.exact and two.least > len(one.head)) or (two.exact and one.least > len(two.head)):
        return True
    heads, tails = (one.head, two.head), (one.tail, two.tail)
    if first.ignore_case != second.ignore_case:
        if not all(text.isascii() for text in (*heads, *tails)):
            return False
        heads = (heads[0].lower(), heads[1].lower())
        tails = (tails[0].lower(), tails[1].lower())
    return not (
        (heads[0].startswith(heads[1]) or heads[1].startswith(heads[0]))
        and (tails[0].endswith(tails[1]) or tails[1].endswith(tails[0]))
    )


def _may_match(pattern: Pattern, text: str) -> bool:
    """Whether a pattern may take a text."""
    seen = _outline(pattern)
    if pattern.ignore_case:
        text = text.lower()
    return not (
        len(text) < seen.least
        or (seen.exact and text != seen.head)
        or not text.startswith(seen.head)
        or not text.endswith(seen.tail)
    )
