"""Whatever becomes of a policy, it is refused or read; and what is no policy allows nothing."""

from __future__ import annotations

import pytest
from tests.fuzz.figures import bad, figures, table
from tests.fuzz.policies import NAMES, Policies
from tests.fuzz.result import Outcome, Result
from tests.fuzz.worker import Order, run

SEED = 8
FAST, FULL = 11_000, 110_000  # one in eleven may not apply to its source


def ran(count: int, *, few: bool) -> list[Result]:
    results = run(Order("policies", SEED, count, few))
    print(table(results))  # noqa: T201 - shown when it fails, and with -s
    print(figures("policies", results, SEED, 0))  # noqa: T201 - same
    return results


def check(results: list[Result], count: int) -> None:
    assert [
        f"{one.outcome}: job {one.number}, `{one.kind}`, {one.source}: {one.changed} ({one.why})"
        for one in bad(results)
    ] == []
    assert len(results) >= count
    applied = [result for result in results if result.outcome is not Outcome.INAPPLICABLE]
    assert {result.kind for result in applied} == set(NAMES)


def test_no_mutation_of_a_policy_breaks_anything() -> None:
    check(ran(FAST, few=True), FAST)


@pytest.mark.slow
def test_no_mutation_of_any_policy_breaks_anything() -> None:
    check(ran(FULL, few=False), FULL)


def test_a_mutation_can_be_made_again() -> None:
    policies = Policies(SEED, few=True)
    jobs = policies.jobs(len(NAMES))
    assert [policies.data(job) for job in jobs] == [policies.data(job) for job in jobs]
