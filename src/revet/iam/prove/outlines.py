"""Whether patterns have a text in common, as far as how they begin and end tells it.

Most questions need no walk through automata: two ARNs differ in their bucket, or one pattern ends
in `*` and takes everything that the other one does. What is said here is what `words.shortest`
would find; what cannot be told so is left to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product, takewhile
from math import prod
from typing import NamedTuple

from revet.iam.prove.domains import ARN
from revet.iam.prove.patterns import EVERYTHING, NOT_EMPTY, Pattern, Wild

_MOST_CHOICES = 64
_NAMELESS = "\u0180"
"""A letter that hardly a pattern names, which no other letter is the same as without case."""
_COLONS = 5


class _Outline(NamedTuple):
    """What every text of a pattern is like, in lower case where the pattern ignores case.

    Args:
        head: what it begins with.
        tail: what it ends with, as far as that is behind the last wildcard.
        least: how many letters it has at least.
        exact: whether the head is the whole text.
        ends: whether any text may follow the head.
        one_gap: whether any text may stand between head and tail, and nothing else does.
        is_arn: whether it is an ARN.
        sample: one of its texts; `None` for a pattern with variables or references.
    """

    head: str
    tail: str
    least: int
    exact: bool
    ends: bool
    one_gap: bool
    is_arn: bool
    sample: str | None


@lru_cache(maxsize=16384)
def _outline(pattern: Pattern) -> _Outline:
    places = pattern.places
    count = len(places)
    head = "".join(takewhile(_is_letter, places))
    exact = len(head) == count
    tail = head if exact else "".join([*takewhile(_is_letter, reversed(places))][::-1])
    rest = places[len(head) : count - len(tail)]
    ones = sum(place is Wild.ONE or place is Wild.ONE_IN_FIELD for place in rest)
    letters = sum(isinstance(place, str) for place in rest)
    colons = places.count(":")
    sample = None
    if not pattern.opaque:
        sample = "".join(place if isinstance(place, str) else _NAMELESS for place in places)
    one_gap = rest == (Wild.ANY,)
    return _Outline(
        head=head,
        tail=tail,
        least=count if exact else len(head) + len(tail) + ones + letters,
        exact=exact,
        ends=one_gap and not tail,
        one_gap=one_gap,
        is_arn=head.startswith("arn:") and colons >= _COLONS and not pattern.ignore_case,
        sample=sample,
    )


def _is_letter(place: object) -> bool:
    return isinstance(place, str)


def have_text(among: Iterable[frozenset[Pattern]], outside: frozenset[Pattern]) -> bool | None:
    """Whether there is a text in each of some sets that matches none of some patterns.

    Args:
        among: the sets, each of alternative patterns.
        outside: the patterns that it must not match.

    Returns:
        `None` when that is not to be seen.
    """
    if EVERYTHING in outside:
        return False
    sets = [patterns for patterns in among if EVERYTHING not in patterns]
    if prod(map(len, sets)) > _MOST_CHOICES:
        return None
    answer: bool | None = False
    for chosen in product(*sets):
        found = _in_all(chosen, outside)
        if found:
            return True
        if found is None:
            answer = None
    return answer


def _in_all(chosen: Sequence[Pattern], outside: frozenset[Pattern]) -> bool | None:
    """The same for one pattern of each set."""
    kept: list[Pattern] = []
    for pattern in chosen:
        if any(_covers(pattern, one) for one in kept):
            continue
        kept = [one for one in kept if not _covers(one, pattern)]
        if any(_apart(pattern, one) for one in kept):
            return False
        kept.append(pattern)
    told = len(kept) == 1 or not any(pattern.opaque for pattern in kept)
    if told and any(_covers(one, pattern) for one in outside for pattern in kept):
        return False
    if len(kept) > 1:
        return None
    if not kept:
        return True if not outside else None
    [pattern] = kept
    left = [one for one in outside if not _apart(one, pattern)]
    if not left:
        return True
    sample = _outline(pattern).sample
    if sample is None or any(_may_match(one, sample) for one in left):
        return None
    return True


def _covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether a pattern surely takes all texts of another one."""
    if wide is narrow or wide == narrow or wide == EVERYTHING:
        return True
    one, two = _outline(wide), _outline(narrow)
    if wide == NOT_EMPTY:
        return two.least > 0
    if wide == ARN:
        return two.is_arn
    if not one.one_gap or wide.ignore_case != narrow.ignore_case:
        return False
    return (
        two.head.startswith(one.head)
        and two.tail.endswith(one.tail)
        and two.least >= len(one.head) + len(one.tail)
    )


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
