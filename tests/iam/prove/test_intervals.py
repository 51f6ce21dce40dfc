"""Sets of numbers: against trying the limits and what lies beside them."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import TypeAlias

from revet.iam.operators import Relation
from revet.iam.prove.intervals import Intervals, compared, number_in

Test: TypeAlias = tuple[Relation, list[int], bool]
RELATIONS = (
    Relation.EQUALS,
    Relation.LESS,
    Relation.LESS_EQUALS,
    Relation.GREATER,
    Relation.GREATER_EQUALS,
)
TRIED = [Decimal(number) / 4 for number in range(-8, 29)]
COMPARE = {
    Relation.EQUALS: lambda one, two: one == two,
    Relation.LESS: lambda one, two: one < two,
    Relation.LESS_EQUALS: lambda one, two: one <= two,
    Relation.GREATER: lambda one, two: one > two,
    Relation.GREATER_EQUALS: lambda one, two: one >= two,
}


def test_a_number_is_found_and_none_is_missed() -> None:
    rng = random.Random(3)  # noqa: S311 - cases, not secrets
    found = missing = 0
    for _ in range(3000):
        whole = rng.random() < 0.5
        sets: list[Intervals] = []
        tests: list[Test] = []
        for _ in range(rng.randrange(1, 5)):
            relation = rng.choice(RELATIONS)
            values = [rng.randrange(7) for _ in range(rng.randrange(1, 3))]
            inside = rng.random() < 0.6
            one = compared(relation, values)
            sets.append(one if inside else one.outside())
            tests.append((relation, values, inside))
        number = number_in(sets, whole=whole)

        def fits(number: int | Decimal, tests: list[Test] = tests) -> bool:
            return all(
                any(COMPARE[relation](number, value) for value in values) is inside
                for relation, values, inside in tests
            )

        tried = [one for one in TRIED if not whole or one == int(one)]
        if number is None:
            missing += 1
            assert not any(map(fits, tried)), tests
        else:
            found += 1
            assert fits(number), (tests, number)
    assert min(found, missing) > 300


def test_equal_sets_are_equal() -> None:
    one = compared(Relation.LESS, [5, 1])
    assert one == compared(Relation.LESS, [1, 5]) == compared(Relation.LESS, [5])
    assert one.outside().outside() == one
    assert compared(Relation.EQUALS, [2, 1]) == compared(Relation.EQUALS, [1, 2])
