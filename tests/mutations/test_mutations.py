"""Each mutation trips exactly the controls that it names, and nothing trips on the good stack."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.mutations.difference import restored
from tests.mutations.judging import not_passed, verdict_of
from tests.mutations.mutation import SPELLINGS, Mutation, Suite, load_suite, mutate, resolved
from tests.mutations.mutation import suites as all_suites
from tests.mutations.sources import Json, Sources, without_comments
from tests.mutations.stored import GOOD, MAKE, hashes_of, stale, stored, stored_plan

SUITES = [load_suite(name) for name in all_suites()]
MUTATIONS = [
    pytest.param(suite, mutation, id=f"{suite.name}-{mutation.row}-{mutation.id}")
    for suite in SUITES
    for mutation in suite.mutations
]


def each_suite() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])


def found(suite: Suite, plan: Json, sources: Sources) -> dict[tuple[str, str], str]:
    return not_passed(verdict_of(suite, plan, sources))


@each_suite()
def test_plans_are_of_the_mutations_as_they_are(suite: Suite) -> None:
    assert stale(suite) == (), f"make them anew: {MAKE}"


@each_suite()
def test_nothing_fires_on_the_good_stack(suite: Suite) -> None:
    assert found(suite, stored(suite, GOOD)["plan"], suite.good) == {}


@pytest.mark.parametrize(("suite", "mutation"), MUTATIONS)
def test_exactly_the_named_controls_fire(suite: Suite, mutation: Mutation) -> None:
    plan = stored_plan(suite, mutation)
    assert found(suite, plan, mutate(suite.good, mutation)) == mutation.expected
    assert mutation.expected


def cells(suite: Suite) -> set[tuple[str, str, str]]:
    """Each control of a row that is judged in the plan, in each spelling."""
    return {
        (row.id, control, spelling)
        for row in suite.requirements.rows
        if "P" in row.judged
        for control in row.controls
        for spelling in SPELLINGS
    }


def spelled(suite: Suite) -> set[tuple[str, str, str]]:
    """Each control that fails in a mutation, with its row and the spelling."""
    return {
        (mutation.row, control, mutation.spelling)
        for mutation in suite.mutations
        for control in mutation.fires
    }


@each_suite()
def test_every_control_fails_in_every_spelling(suite: Suite) -> None:
    """What only makes a control unsure does not count; what another suite spells does."""
    failing = spelled(suite)
    reasons = {cell for cell, reason in suite.omitted.items() if reason.strip()}
    elsewhere = {
        cell[1:]
        for other in SUITES
        if other is not suite
        for cell in (*spelled(other), *(cell for cell in other.omitted if other.omitted[cell]))
    }
    left = {cell for cell in cells(suite) if cell[1:] not in elsewhere}
    assert left - failing - reasons == set()
    assert set(suite.omitted) - cells(suite) == set(), "no such row, control or spelling"
    assert failing & set(suite.omitted) == set(), "left out with a reason, and there"


@each_suite()
def test_a_mutation_breaks_its_own_row(suite: Suite) -> None:
    controls = {row.id: set(row.controls) for row in suite.requirements.rows}
    for mutation in suite.mutations:
        own = {control for control, _ in mutation.expected}
        assert own & controls[mutation.row], mutation.id


@each_suite()
def test_no_mutation_stands_twice(suite: Suite) -> None:
    hashes = Counter(sha256 for name, sha256 in hashes_of(suite.name).items() if name != GOOD)
    assert [found for found, count in hashes.items() if count > 1] == []


def test_a_difference_restores_what_it_was_made_from() -> None:
    suite = SUITES[0]
    good = stored(suite, GOOD)["plan"]
    assert restored(good, {"put": [], "drop": []}) == good


@pytest.mark.parametrize(
    "change",
    [
        {"set": "@{data/versioning}", "path": "bucket", "value": "${@{data/bucket}.id}"},
        {"set": "@{data/versioning}", "path": "no_such.status", "value": "Suspended"},
        {"set": "@{data/policy}", "path": "policy.Statement.Sid=NoSuch.Effect", "value": "Allow"},
        {"remove": "@{data/versioning}", "path": "no_such"},
        {"remove": "aws_s3_bucket.no_such"},
        {"add": "@{data/bucket}", "value": {}},
        {"each": "aws_s3_bucket.no_such", "over": {}},
        {"no_such_operation": "@{data/bucket}"},
    ],
)
def test_a_change_that_changes_nothing_is_refused(change: Json) -> None:
    good = load_suite("tap").good
    mutation = Mutation("x", "TAP-04", "literal", "", (resolved(change, good.configuration),))
    with pytest.raises(ValueError, match="`x`"):
        mutate(good, mutation)


def test_removing_a_resource_leaves_nobody_waiting_for_it() -> None:
    good = load_suite("tap").good
    change = resolved({"remove": "@{data/versioning}"}, good.configuration)
    made = mutate(good, Mutation("x", "TAP-04", "form", "", (change,)))
    assert change["remove"] in str(without_comments(good.configuration))
    assert change["remove"] not in str(without_comments(made.configuration))
