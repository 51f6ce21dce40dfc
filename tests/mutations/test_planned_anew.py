"""The stored plans are what Terraform says today, and what it says of each stack alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.mutations.mutation import SPELLINGS, Suite, load_suite, suites
from tests.mutations.planning import plan_alone, plan_together
from tests.mutations.stored import GOOD, sources_of, stored, stored_plan

from revet.target.embedded import EmbeddedTarget

pytestmark = [pytest.mark.embedded, pytest.mark.slow]
SUITES = [load_suite(name) for name in suites()]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedTarget]:
    target = EmbeddedTarget(tmp_path_factory.mktemp("aws"), region="us-west-2")
    target.start()
    yield target
    target.stop()


@pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])
def test_all_plans_are_what_terraform_makes_now(
    suite: Suite, target: EmbeddedTarget, tmp_path: Path
) -> None:
    names = (GOOD, *(change.id for change in suite.changes))
    made = plan_together(sources_of(suite, names), target, tmp_path)
    assert made[GOOD] == stored(suite, GOOD)["plan"]
    for mutation in suite.changes:
        assert made[mutation.id] == stored_plan(suite, mutation), mutation.id


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])
def test_a_stack_alone_has_the_plan_that_it_has_among_others(
    suite: Suite, spelling: str, target: EmbeddedTarget, tmp_path: Path
) -> None:
    mutation = next(mutation for mutation in suite.mutations if mutation.spelling == spelling)
    [sources] = sources_of(suite, (mutation.id,)).values()
    assert plan_alone(sources, target, tmp_path) == stored_plan(suite, mutation)
