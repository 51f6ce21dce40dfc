"""The good stack in other words has the verdict of the good stack."""

from __future__ import annotations

from functools import cache

import pytest
from tests.mutations.judging import not_passed, verdict_of
from tests.mutations.mutation import Mutation, Suite, load_suite, mutate, suites
from tests.mutations.operations import managed
from tests.mutations.sources import Sources
from tests.mutations.stored import GOOD, stored, stored_plan

from revet.model.finding import Status
from revet.model.requirement import Judged
from revet.model.verdict import Verdict

SUITES = [load_suite(name) for name in suites()]
REWRITES = [
    pytest.param(suite, rewrite, id=f"{suite.name}-{rewrite.id}")
    for suite in SUITES
    for rewrite in suite.rewrites
]
AT_LEAST = 15


def told(sources: Sources) -> Sources:
    """The sources, in place, as if the constructs had not made what is written anew now."""
    there = set(managed(sources.configuration))
    for record in sources.configuration["//"]["revet"]["constructs"]:
        record["resources"] = [name for name in record["resources"] if name in there]
    return sources


@cache
def good_verdict(name: str) -> Verdict:
    suite = load_suite(name)
    return verdict_of(suite, stored(suite, GOOD)["plan"], suite.good)


def passing(verdict: Verdict) -> set[str]:
    """The controls that found something good: silence is no praise."""
    return {item.control for item in verdict.findings if item.status is Status.PASS}


def met(verdict: Verdict) -> set[tuple[str, str, Status]]:
    """How each row stands in the plan, without where."""
    return {
        (item.requirement, item.source, item.status)
        for item in verdict.evidence
        if item.judged is Judged.PLAN
    }


@pytest.mark.parametrize(("suite", "rewrite"), REWRITES)
def test_a_rewrite_has_the_verdict_of_the_good_stack(suite: Suite, rewrite: Mutation) -> None:
    good = good_verdict(suite.name)
    sources = told(mutate(suite.good, rewrite))
    verdict = verdict_of(suite, stored_plan(suite, rewrite), sources)
    assert not_passed(verdict) == rewrite.expected
    unsure = set(rewrite.unknown)
    assert passing(verdict) - unsure == passing(good) - unsure
    if not rewrite.unknown:
        assert verdict.decision is good.decision
        assert met(verdict) == met(good)


@pytest.mark.parametrize(("suite", "rewrite"), REWRITES)
def test_what_a_rewrite_hides_has_a_reason(suite: Suite, rewrite: Mutation) -> None:
    assert suite.good.configuration
    assert not rewrite.fires
    assert bool(rewrite.unknown) is bool(rewrite.reason.strip())


@pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])
def test_there_are_many_ways_to_say_the_same(suite: Suite) -> None:
    """Of a blueprint; its parts count together."""
    parts = [one for one in SUITES if one.requirements.name == suite.requirements.name]
    assert len([one for part in parts for one in part.rewrites if not one.unknown]) >= AT_LEAST
