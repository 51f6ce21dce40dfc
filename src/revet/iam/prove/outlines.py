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
from typing import TypeAlias

from revet.iam.prove.automata import takes
from revet.iam.prove.domains import ARN, USUAL_ARN
from revet.iam.prove.patterns import EVERYTHING, NOT_EMPTY, Pattern

_MOST_CHOICES = 64
_COLONS = 5
_TWO = 2
_Texts: TypeAlias = tuple[frozenset[frozenset[Pattern]], frozenset[Pattern]]
"""Texts in each of some sets that match none of some patterns."""


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
    if not outside and len(chosen) == _TWO and _share(*chosen):
        return True
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


def _share(one: Pattern, other: Pattern) -> bool:
    """Whether two patterns have a text in common because one takes all texts of the other."""
    if one.opaque or other.opaque:
        return False
    return _covers(one, other) or _covers(other, one)


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
        all(one is pattern or _takes(one, text) for one in kept) and not _taken(left, text)
        for pattern in kept
        for text in pattern.outline.samples
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
        texts = [text for pattern in patterns for text in pattern.outline.samples[:1]]
        text = min(texts, key=lambda one: (len(one), one), default=None)
        if (
            text is not None
            and all(one is patterns or _taken(one, text) for one in sets)
            and not _taken(outside, text)
        ):
            return text
    return None


def _taken(patterns: Iterable[Pattern], text: str) -> bool:
    return any(_may_match(one, text) and _takes(one, text) for one in patterns)


def _takes(pattern: Pattern, text: str) -> bool:
    """Whether a pattern takes a text."""
    seen = pattern.outline
    if pattern is ARN:
        return text.startswith("arn:") and text.count(":") >= _COLONS
    if pattern is USUAL_ARN:
        fields = text.split(":", _COLONS)
        usual = text.startswith("arn:aws:") and len(fields) > _COLONS
        return usual and bool(fields[2] and fields[_COLONS])
    if not seen.pieces or (pattern.ignore_case and not text.isascii()):
        return takes(pattern, text)
    return seen.takes(text.lower() if pattern.ignore_case else text)


@lru_cache(maxsize=16384)
def _covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether a pattern surely takes all texts of another one."""
    if wide is EVERYTHING or wide is narrow:
        return True
    one, two = wide.outline, narrow.outline
    if wide is NOT_EMPTY:
        return two.least > 0
    if wide is ARN:
        return two.is_arn
    if (
        (narrow.ignore_case and not wide.ignore_case)
        or two.least < one.least
        or not (wide.ignore_case or (two.head.startswith(one.head) and two.tail.endswith(one.tail)))
    ):
        return wide == narrow
    if one.pieces and (
        wide.ignore_case == narrow.ignore_case or (two.exact and two.code.isascii())
    ):
        return one.takes(two.code.lower() if wide.ignore_case else two.code)
    return wide == narrow or takes(wide, narrow.places)


def _apart(first: Pattern, second: Pattern) -> bool:
    """Whether two patterns surely have no text in common."""
    one, two = first.outline, second.outline
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
    seen = pattern.outline
    if pattern.ignore_case:
        text = text.lower()
    return not (
        len(text) < seen.least
        or (seen.exact and text != seen.head)
        or not text.startswith(seen.head)
        or not text.endswith(seen.tail)
    )
