"""What is seen of patterns without walking them is what walking them says."""

from __future__ import annotations

import random
from itertools import product

import pytest

from revet.iam.glob_parts import Variable
from revet.iam.prove.automata import takes
from revet.iam.prove.domains import ARN, USUAL_ARN
from revet.iam.prove.outlines import have_text, plain_text
from revet.iam.prove.patterns import Pattern, Place, Wild, letters
from revet.iam.prove.words import shortest

HEADS = ("", "a", "ab", "arn:aws:s3:::", "arn:aws:s3:::b", "arn:aws:ec2:*:1:")
TAILS = ("", "a", "ba", "/*", "/?", "~:x", "<", "<*", "A")
SIGNS: dict[str, Place] = {
    "*": Wild.ANY,
    "?": Wild.ONE,
    "~": Wild.ANY_IN_FIELD,
    "<": Variable("aws:username"),
}


def a_pattern(rng: random.Random, variables: bool) -> Pattern:  # noqa: FBT001 - of one test
    text = rng.choice(HEADS) + rng.choice(TAILS)
    if not variables:
        text = text.replace("<", "")
    ignore_case = rng.random() < 0.2
    text = text.lower() if ignore_case else text
    return Pattern(tuple(SIGNS.get(sign, sign) for sign in text), ignore_case)


def test_what_is_seen_is_what_a_walk_finds() -> None:
    rng = random.Random(3)  # noqa: S311 - cases, not secrets
    seen = {True: 0, False: 0}
    for number in range(6000):
        variables = number % 3 == 0
        among = [
            frozenset(a_pattern(rng, variables) for _ in range(rng.randrange(1, 3)))
            for _ in range(rng.randrange(1, 4))
        ]
        outside = frozenset(a_pattern(rng, variables) for _ in range(rng.randrange(3)))
        found = have_text(among, outside)
        there = shortest(frozenset(among), outside) is not None
        if isinstance(found, bool):
            seen[found] += 1
            assert found is there, (among, outside)
        else:
            assert any(shortest(*one) is not None for one in found) is there, (among, outside)
    assert min(seen.values()) > 1000


def test_nothing_is_seen_in_what_is_outside_of_everything() -> None:
    assert have_text([frozenset((letters("a"),))], frozenset((Pattern((Wild.ANY,)),))) is False


@pytest.mark.parametrize("pattern", [ARN, USUAL_ARN])
def test_a_text_is_seen_to_be_an_arn_where_a_walk_takes_it(pattern: Pattern) -> None:
    fields = (("arn", "a", ""), ("aws", "aws-cn", ""), ("s3", ""), ("r", ""), ("1", ""), ("b:", ""))
    found = {True: 0, False: 0}
    for size in range(1, 7):
        for chosen in product(*fields[:size]):
            text = ":".join(chosen)
            seen = plain_text([frozenset((pattern,)), frozenset((letters(text),))], frozenset())
            assert (seen == text) is takes(pattern, text), text
            found[takes(pattern, text)] += 1
    assert min(found.values()) >= 4
