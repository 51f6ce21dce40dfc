"""Sets of texts against all texts of a small alphabet."""

from __future__ import annotations

import itertools
import random

import pytest

from revet.iam.compiled.resources import resource_matcher
from revet.iam.glob_parts import Variable
from revet.iam.globs import Glob
from revet.iam.value_sets import Pattern, Reading, TextSet, some_text

LETTERS, LONGEST, ROUNDS = "ab:", 6, 1500
WORDS = ["".join(word) for n in range(LONGEST + 1) for word in itertools.product(LETTERS, repeat=n)]
VALUES = ("", "a", ":", "b", "ab", "a:b")
PIECES = ("a", "b", ":", "*", "?", "a", "b", "ab", "*")


def pattern(draw: random.Random, pieces: tuple[str, ...]) -> Pattern:
    text = "".join(draw.choice(pieces) for _ in range(draw.randint(0, 4)))
    return draw.choice((Reading.TEXT, Reading.RESOURCE)), Glob.parse(text)


def sets(draw: random.Random, pieces: tuple[str, ...]) -> list[TextSet]:
    def some(most: int) -> frozenset[Pattern]:
        return frozenset(pattern(draw, pieces) for _ in range(draw.randint(1, most)))

    return [(True, some(2)), *((draw.random() < 0.4, some(3)) for _ in range(draw.randint(0, 2)))]


def lies(text: str, where: list[TextSet]) -> bool:
    def fits(one: Pattern) -> bool:
        reading, glob = one
        return resource_matcher(glob)(text) if reading is Reading.RESOURCE else glob.matches(text)

    return all(any(map(fits, patterns)) is inside for inside, patterns in where)


@pytest.mark.parametrize("empty", [False, True])
def test_texts_are_found_where_there_are_some(*, empty: bool) -> None:
    draw = random.Random(1)  # noqa: S311 - a seed
    words = [""] if empty else WORDS[1:]
    found = 0
    for _ in range(ROUNDS):
        where = sets(draw, PIECES)
        there = some_text(where, {}, empty=empty)
        seen = any(lies(word, where) for word in words)
        assert there or not seen, where
        if there and not seen:  # a longer text, or one of letters that are nowhere
            longer = ["c" * n + word + tail for n in (1, 2) for word in WORDS for tail in ("", "c")]
            inner = [f"{word[:1]}c{word[1:]}" for word in WORDS]
            twice = [word + other for word in WORDS[:400] for other in WORDS[:400]]
            assert any(lies(word, where) for word in (*longer, *inner, *twice)), where
        found += seen
    assert ROUNDS * 0.2 < found < ROUNDS * 0.8


def test_that_there_is_no_text_holds_for_all_values() -> None:
    draw = random.Random(2)  # noqa: S311 - a seed
    none = 0
    for _ in range(ROUNDS):
        where = sets(draw, (*PIECES, "${x:v}", "${x:v}", "${x:w}"))
        if some_text(where, {}) or not any(glob.is_open for _, many in where for _, glob in many):
            continue
        none += 1
        for values in itertools.product(VALUES, repeat=2):
            known = dict(zip(("x:v", "x:w"), values, strict=True))
            filled = [
                (inside, frozenset((reading, fill(glob, known)) for reading, glob in patterns))
                for inside, patterns in where
            ]
            assert not some_text(filled, {}), (where, known)
            assert not some_text(where, known), (where, known)
    assert none > ROUNDS * 0.05


def fill(glob: Glob, known: dict[str, str]) -> Glob:
    found = glob.fill(lambda part: known[part.key] if isinstance(part, Variable) else None)
    assert found is not None
    return found
