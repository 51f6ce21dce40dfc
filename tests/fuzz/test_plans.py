"""No mutation of a plan or a state that is blocked is allowed; none crashes, hangs or swells."""

from __future__ import annotations

import json
import random

import pytest
from tests.fuzz.attempt import FEWER, Attempt
from tests.fuzz.compliant import exceptions, listed
from tests.fuzz.figures import applied_to, bad, figures, table
from tests.fuzz.judging import Answer, judged
from tests.fuzz.plan_kinds import PLAN_KINDS
from tests.fuzz.plans import NAMES, Plans
from tests.fuzz.result import Outcome, Result
from tests.fuzz.sources import NOTHING_BLOCKS, Source
from tests.fuzz.trees import at
from tests.fuzz.worker import Order, run

from revet.gate.catalog import load_catalog
from revet.plan.kinds import attribute_kinds

SEED = 8
FAST, FULL = 2_200, 22_000
APPLIED = 10 / 11
"""The part of the mutations that at least has to apply to its source."""
EACH = 20
KINDS = 30
NOT_EVERYWHERE = {
    *(name for name in PLAN_KINDS if name.startswith("policy ")),
    "outputs changed",
}
"""Kinds that need a policy or an output, which not every control's plans have."""


def ran(count: int, *, few: bool) -> list[Result]:
    results = run(Order("plans", SEED, count, few))
    print(table(results))  # noqa: T201 - shown when it fails, and with -s
    print(figures("plans", results, SEED, 0))  # noqa: T201 - same
    return results


def shown(results: list[Result]) -> list[str]:
    return [
        f"{one.outcome}: job {one.number}, `{one.kind}`, {one.control}, {one.source}: {one.changed}"
        f" ({one.why})"
        for one in bad(results)
    ]


def applied(results: list[Result]) -> list[Result]:
    return [result for result in results if result.outcome is not Outcome.INAPPLICABLE]


def test_no_mutation_of_a_plan_turns_it_allowed() -> None:
    results = ran(FAST, few=True)
    assert shown(results) == []
    assert len(applied(results)) >= FAST * APPLIED
    assert {result.kind for result in applied(results)} == set(NAMES)
    assert any(result.outcome is Outcome.BLOCKED for result in results)


@pytest.mark.slow
def test_no_mutation_of_any_plan_turns_it_allowed() -> None:
    results = ran(FULL, few=False)
    assert shown(results) == []
    pairs = applied_to(results)
    assert sum(pairs.values()) >= FULL * APPLIED
    assert [pair for pair, count in pairs.items() if count < EACH] == []
    assert {kind for kind, _ in pairs} == set(NAMES)
    never = {(result.kind, result.control) for result in results if result.control} - pairs.keys()
    assert {kind for kind, _ in never} <= NOT_EVERYWHERE


@pytest.fixture(scope="module")
def plans() -> Plans:
    return Plans(SEED, few=True)


def test_every_control_has_plans_that_it_blocks(plans: Plans) -> None:
    assert set(plans.by_control) == {*load_catalog(), NOTHING_BLOCKS}


def test_states_are_mutated_too(plans: Plans) -> None:
    assert {source.way.state for source in plans.sources if source.control} == {True, False}


def test_there_are_many_kinds() -> None:
    assert len(NAMES) >= KINDS


def test_a_mutation_can_be_made_again(plans: Plans) -> None:
    jobs = plans.jobs(len(NAMES))
    assert jobs == Plans(SEED, few=True).jobs(len(NAMES))
    assert [plans.data(job) for job in jobs] == [plans.data(job) for job in jobs]
    assert {job[0] for job in jobs} == set(NAMES)


def test_a_sample_has_no_pair_twice(plans: Plans) -> None:
    jobs = plans.jobs(FAST)
    assert len(set(jobs)) == len(jobs) >= FAST


def test_exceptions_have_controls_and_reasons() -> None:
    assert {one.control for one in exceptions()} <= set(load_catalog())


def source_of(plans: Plans, name: str) -> Source:
    return next(source for source in plans.sources if source.name == name)


def test_a_plan_that_is_really_compliant_counts_as_allowed(plans: Plans) -> None:
    """The oracle can fail: what is judged is judged by the gate, and a pass is seen as one."""
    source = source_of(plans, "kms-key-rotation/turned off")
    assert source.control == "kms-key-rotation"
    assert judged(source.text.encode(), source.way).answer is Answer.BLOCKED
    turned_on = source.text.replace(
        '"enable_key_rotation": false', '"enable_key_rotation": true'
    ).replace('{"constant_value": false}', '{"constant_value": true}')
    assert judged(turned_on.encode(), source.way).answer is Answer.ALLOWED


def test_an_exception_for_states_does_not_excuse_a_plan(plans: Plans) -> None:
    source = source_of(plans, "ec2-security-group-open/the second of two blocks, in IPv6, state")
    steps = next(one for one in source.attributes if one[-1] == "egress")
    attempt = Attempt(source, random.Random(0), source.plan())  # noqa: S311 - no secret
    attempt.write(steps, at(attempt.plan, steps)[:1])
    assert (steps, FEWER) in attempt.changed
    assert listed(source.control, attempt.changed, state=True, before=source.plan()) is not None
    assert listed(source.control, attempt.changed, state=False) is None
    assert judged(json.dumps(attempt.plan).encode(), source.way).answer is Answer.ALLOWED


def test_states_have_every_attribute(plans: Plans) -> None:
    source = source_of(plans, "ec2-security-group-open/the second of two blocks, in IPv6, state")
    [values] = [node["values"] for node in source.plan()["values"]["root_module"]["resources"]]
    kinds = attribute_kinds("aws_security_group")
    assert isinstance(kinds, dict)
    assert values.keys() >= kinds.keys()
    assert all(block.keys() == kinds["egress"][1].keys() for block in values["egress"])
