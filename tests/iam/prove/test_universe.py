"""The actions of a question: the bits of a set are the names that its patterns match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revet.iam.compiled.action_sets import ActionSet
from revet.iam.prove.universe import Universe

PATTERNS = (
    "*", "**", "*:*", "s3:*", "S3:GetObject", "s3:getobject", "s3:Get*", "s3:*Object", "s3:G*t",
    "s3:Get?bject", "s3:?*", "s3:**", "s3:", "sqs:SendMessage", "sqs:Send*", "s?s:*", "*:Get*",
    "s3:Nothing", "s3:Noth*", "nowhere:Do", "nowhere:*", "nowhere:D?", "s*:Nothing", "*s",
    "s3:${aws:username}",
)  # fmt: skip
SETS = st.builds(
    ActionSet, st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=4).map(tuple),
    negated=st.booleans(),
)  # fmt: skip


def named(universe: Universe, bits: int) -> set[str]:
    return {name for at, name in enumerate(universe.names) if bits >> at & 1}


def matched(universe: Universe, actions: ActionSet) -> set[str]:
    return {
        name
        for name in universe.names
        if any(glob.matches(name) for glob in actions.globs) is not actions.negated
    }


@given(st.lists(SETS, min_size=1, max_size=3))
def test_the_bits_of_a_set_are_the_names_that_it_matches(sets: list[ActionSet]) -> None:
    universe = Universe(sets)
    assert universe.all == (1 << len(universe.names)) - 1
    for one in sets:
        assert named(universe, universe.bits(one)) == matched(universe, one)


@pytest.mark.parametrize("text", PATTERNS)
def test_every_pattern_alone(text: str) -> None:
    actions = ActionSet((text,))
    universe = Universe([actions])
    assert named(universe, universe.bits(actions)) == matched(universe, actions)
    assert bool(universe.bits(actions)) is ("$" not in text)  # no action of AWS has one


def test_an_action_has_a_name_as_aws_writes_it() -> None:
    actions = ActionSet(("s3:putobject", "nowhere:Do"))
    universe = Universe([actions])
    bits = universe.bits(actions)
    assert universe.name(bits) == "s3:PutObject"
    assert universe.name(bits & bits - 1) == "nowhere:do"
