"""Sets of numbers, instants and addresses as intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import NamedTuple, TypeAlias

from revet.iam.operators import Relation

Number: TypeAlias = int | Decimal

_DIGITS = 200
"""More than the sum of two values can have."""


class Interval(NamedTuple):
    """All numbers from one to another.

    Args:
        low: the lowest; `None` for no limit.
        high: the highest; `None` for no limit.
        above: whether `low` itself is left out.
        below: whether `high` itself is left out.
    """

    low: Number | None = None
    high: Number | None = None
    above: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Intervals:
    """Numbers in one of some intervals; make it with `union`, so that equal sets are equal.

    Args:
        parts: the intervals from low to high, none of which touches another.
    """

    parts: tuple[Interval, ...]

    @classmethod
    def union(cls, parts: Iterable[Interval]) -> Intervals:
        """The numbers in one of some intervals."""
        found: list[Interval] = []
        for part in sorted(parts, key=_begin):
            if found and _touches(found[-1], part):
                found[-1] = _joined(found[-1], part)
            elif not _empty(part, whole=False):
                found.append(part)
        return cls(tuple(found))

    def outside(self) -> Intervals:
        """All other numbers."""
        left = [Interval()]
        for part in self.parts:
            left = [piece for rest in left for piece in _without(rest, part)]
        return Intervals.union(left)

    def both(self, other: Intervals, *, whole: bool) -> Intervals:
        """The numbers in both.

        Args:
            other: the other set.
            whole: whether there are whole numbers only.
        """
        parts = (_both(one, two) for one in self.parts for two in other.parts)
        return Intervals.union(part for part in parts if not _empty(part, whole=whole))


ALL = Intervals((Interval(),))


def compared(relation: Relation, values: Iterable[Number]) -> Intervals:
    """The numbers that compare with one of some values.

    Args:
        relation: of a Numeric or Date operator.
        values: the operator's values.
    """
    makers: dict[Relation, Callable[[Number], Interval]] = {
        Relation.EQUALS: lambda value: Interval(value, value),
        Relation.LESS: lambda value: Interval(high=value, below=True),
        Relation.LESS_EQUALS: lambda value: Interval(high=value),
        Relation.GREATER: lambda value: Interval(low=value, above=True),
        Relation.GREATER_EQUALS: lambda value: Interval(low=value),
    }
    return Intervals.union(map(makers[relation], values))


def number_in(numbers: Sequence[Intervals], *, whole: bool) -> Number | None:
    """A plain number that is in all of some sets; `None` when there is none.

    Args:
        numbers: the sets.
        whole: whether there are whole numbers only.
    """
    left = ALL
    for one in numbers:
        left = left.both(one, whole=whole)
    return min(map(_plain, left.parts), key=lambda one: (abs(one), one), default=None)


def _begin(part: Interval) -> tuple[bool, Number, bool]:
    return part.low is not None, 0 if part.low is None else part.low, part.above


def _touches(one: Interval, two: Interval) -> bool:
    """Whether an interval that begins no earlier goes on where another one is."""
    if one.high is None or two.low is None:
        return True
    return two.low < one.high or (two.low == one.high and not (one.below and two.above))


def _joined(one: Interval, two: Interval) -> Interval:
    if one.high is None or two.high is None:
        return one._replace(high=None, below=False)
    high, open_end = max((one.high, not one.below), (two.high, not two.below))
    return one._replace(high=high, below=not open_end)


def _empty(part: Interval, *, whole: bool) -> bool:
    if part.low is None or part.high is None:
        return False
    if whole:
        return part.low + part.above > part.high - part.below
    return part.low > part.high or (part.low == part.high and (part.above or part.below))


def _both(one: Interval, two: Interval) -> Interval:
    low, above = one.low, one.above
    if two.low is not None and (low is None or (two.low, two.above) > (low, above)):
        low, above = two.low, two.above
    high, below = one.high, one.below
    if two.high is not None and (high is None or (two.high, not two.below) < (high, not below)):
        high, below = two.high, two.below
    return Interval(low, high, above, below)


def _without(one: Interval, taken: Interval) -> Iterable[Interval]:
    if taken.low is not None:
        yield from _kept(_both(one, Interval(high=taken.low, below=not taken.above)))
    if taken.high is not None:
        yield from _kept(_both(one, Interval(low=taken.high, above=not taken.below)))


def _kept(part: Interval) -> Iterable[Interval]:
    if not _empty(part, whole=False):
        yield part


def _plain(part: Interval) -> Number:
    """A short number of an interval: 0, or a whole one near a limit, or one in the middle."""
    low, high = part.low, part.high
    if low is None and high is None:
        return 0
    candidates: list[Number] = [0]
    if low is not None:
        candidates += [low, int(low) + 1, int(low)]
    if high is not None:
        candidates += [high, int(high) - 1, int(high)]
    for number in candidates:
        if not _empty(_both(part, Interval(number, number)), whole=False):
            return number
    if low is None or high is None:
        msg = "a half-open interval holds a whole number"
        raise AssertionError(msg)
    with localcontext(prec=_DIGITS):
        return (Decimal(low) + Decimal(high)) / 2
