"""Texts that are in some sets and in none of others: against trying all short texts."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from functools import cache
from itertools import product

from revet.iam.glob_parts import Variable
from revet.iam.globs import Glob
from revet.iam.prove.patterns import Pattern, Wild, letters, of_text
from revet.iam.prove.words import shortest

ALPHABET = "ab:"
LONGEST = 6
TEXTS = ["".join(letters) for size in range(LONGEST) for letters in product("ab:c", repeat=size)]
REGEX = {
    Wild.ANY: "(?s:.*)",
    Wild.ANY_IN_FIELD: "[^:]*",
    Wild.ONE: "(?s:.)",
    Wild.ONE_IN_FIELD: "[^:]",
}


@cache
def regex(pattern: Pattern) -> re.Pattern[str]:
    parts = [
        re.escape(place) if isinstance(place, str) else REGEX[place]
        for place in pattern.places
        if isinstance(place, str | Wild)
    ]
    return re.compile("".join(parts), re.IGNORECASE if pattern.ignore_case else 0)


def a_pattern(rng: random.Random) -> Pattern:
    places: list[str | Wild] = []
    for _ in range(rng.randrange(4)):
        place = rng.choice([*ALPHABET, *ALPHABET, *Wild])
        if not (places and place in (Wild.ANY, Wild.ANY_IN_FIELD) and isinstance(places[-1], Wild)):
            places.append(place)
    return Pattern(tuple(places), ignore_case=rng.random() < 0.2)


def test_a_shortest_text_is_found_and_none_is_missed() -> None:
    rng = random.Random(11)  # noqa: S311 - cases, not secrets
    found = missing = 0
    for _ in range(500):
        among = frozenset(
            frozenset(a_pattern(rng) for _ in range(rng.randrange(1, 3)))
            for _ in range(rng.randrange(3))
        )
        outside = frozenset(a_pattern(rng) for _ in range(rng.randrange(5)))
        word = shortest(among, outside)
        fitting = [
            text
            for text in TEXTS
            if all(any(regex(one).fullmatch(text) for one in ones) for ones in among)
            and not any(regex(one).fullmatch(text) for one in outside)
        ]
        if word is None:
            missing += 1
            assert not fitting, (among, outside)
            continue
        found += 1
        text = "".join(str(letter) for letter in word)
        assert all(any(regex(one).fullmatch(text) for one in ones) for ones in among)
        assert not any(regex(one).fullmatch(text) for one in outside)
        if fitting:
            assert len(text) <= len(fitting[0])
    assert min(found, missing) > 60


def with_variable(pattern: Pattern, rng: random.Random) -> Pattern:
    places = list(pattern.places)
    places.insert(rng.randrange(len(places) + 1), Variable("aws:username"))
    return Pattern(tuple(places), pattern.ignore_case)


def filled(patterns: Iterable[Pattern], value: str) -> list[re.Pattern[str]]:
    return [regex(one.filled({Variable("aws:username"): value})) for one in patterns]


def test_no_text_is_missed_whatever_the_value_of_a_variable() -> None:
    rng = random.Random(17)  # noqa: S311 - cases, not secrets
    values = [text for text in TEXTS if len(text) < 3]
    texts = [text for text in TEXTS if len(text) < 5]
    found = missing = 0
    for _ in range(400):
        among = [{a_pattern(rng) for _ in range(rng.randrange(1, 3))} for _ in range(2)]
        among[0].add(with_variable(a_pattern(rng), rng))
        if rng.random() < 0.4:
            among[1] = {with_variable(one, rng) for one in among[1]}
        outside = {a_pattern(rng) for _ in range(rng.randrange(3))}
        if shortest(frozenset(map(frozenset, among)), frozenset(outside)) is not None:
            found += 1
            continue
        missing += 1
        for value in values:
            inner, avoided = [filled(ones, value) for ones in among], filled(outside, value)
            fitting = [
                text
                for text in texts
                if all(any(one.fullmatch(text) for one in ones) for ones in inner)
                and not any(one.fullmatch(text) for one in avoided)
            ]
            assert not fitting, (among, outside, value)
    assert min(found, missing) > 60


def sets(*texts: str) -> frozenset[frozenset[Pattern]]:
    return frozenset(frozenset((of_text(Glob.parse(text)),)) for text in texts)


def test_a_variable_stands_for_the_same_text_everywhere() -> None:
    home = of_text(Glob.parse("home/${aws:username}/*"))
    assert shortest(sets("home/${aws:username}/docs/*"), frozenset((home,))) is None
    word = shortest(sets("home/${aws:username}/*"), frozenset((letters("home/ann/"),)))
    assert word is not None
    assert Variable("aws:username") in word


def test_a_variable_may_have_the_value_that_another_set_demands() -> None:
    assert shortest(sets("home/${aws:username}", "home/ann"), frozenset()) is not None
    assert shortest(sets("home/${aws:username}", "work/*"), frozenset()) is None
