"""The random pairs have what proofs are about, and both answers are frequent."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tests.iam.prove.changes import Table, entries, statements
from tests.iam.prove.judged import Compared
from tests.iam.prove.pair_words import ACTIONS
from tests.iam.prove.pairs import Pair, pairs

from revet.iam.operators import Kind, Operator, Qualifier, read_operator

COUNT = 600
EACH_WAY = 0.3
EACH_FEATURE = 0.2
MOST_UNKNOWN = 0.01


@pytest.fixture(scope="module")
def drawn() -> list[Pair]:
    return list(pairs(COUNT))


def both(pair: Pair) -> list[Table]:
    return [*statements(pair.new), *statements(pair.old)]


def used(pair: Pair) -> list[Operator]:
    names = (name for one in both(pair) for name in one.get("Condition", {}))
    return [found for name in names if (found := read_operator(name)) is not None]


def test_the_same_seed_gives_the_same_pairs(drawn: list[Pair]) -> None:
    assert list(pairs(20)) == drawn[:20]
    assert list(pairs(20, seed=13)) != drawn[:20]


def test_both_answers_are_frequent_and_unknown_is_rare(drawn: list[Pair]) -> None:
    said = Counter(Compared.of(pair.new, pair.old).answer().result.value for pair in drawn)
    print(f"random pairs: {dict(said)}")  # noqa: T201 - the figures are asked for
    assert min(said["none"], said["some"]) >= EACH_WAY * COUNT, said
    assert said["unknown"] <= MOST_UNKNOWN * COUNT, said


def test_half_of_the_pairs_are_made_of_each_other(drawn: list[Pair]) -> None:
    assert sum(bool(pair.made) for pair in drawn) == COUNT // 2


def test_what_is_hard_is_frequent(drawn: list[Pair]) -> None:
    shares = {
        "Deny": sum(any(one["Effect"] == "Deny" for one in both(pair)) for pair in drawn),
        "NotAction": sum(any("NotAction" in one for one in both(pair)) for pair in drawn),
        "NotResource": sum(any("NotResource" in one for one in both(pair)) for pair in drawn),
        "Condition": sum(any("Condition" in one for one in both(pair)) for pair in drawn),
        "variable": sum("${" in json.dumps([pair.new, pair.old]) for pair in drawn),
    }
    assert min(shares.values()) >= EACH_FEATURE * COUNT, shares


def test_every_kind_of_condition_occurs(drawn: list[Pair]) -> None:
    found = [one for pair in drawn for one in used(pair)]
    assert {one.kind for one in found} == set(Kind)
    assert {one.qualifier for one in found} == set(Qualifier)
    names = Counter(one.name for one in found)
    assert min(names.values()) >= 5, names
    assert any(one.if_exists for one in found)
    assert any(one.negated and one.qualifier for one in found)


def test_every_service_and_kind_of_pattern_occurs(drawn: list[Pair]) -> None:
    actions = {
        text
        for pair in drawn
        for one in both(pair)
        for element in ("Action", "NotAction")
        for text in entries(one.get(element, []))
    }
    assert {text.partition(":")[0].lower() for text in actions} >= set(ACTIONS)
    assert any("?" in text for text in actions)
    assert any("*" in text[:-1] for text in actions)
