"""Random requests find nothing where the prover says that there is nothing."""

from __future__ import annotations

import random

import pytest
from tests.iam.prove.judged import Compared
from tests.iam.prove.near_requests import Near
from tests.iam.prove.pairs import SEED, pairs

from revet.iam.evaluate.alone import allows_alone
from revet.iam.prove.ask import Result

FEW, MANY = 5_000, 100_000
EACH = 50
LEAST_ALLOWED = 0.15
LEAST_FOUND = 0.8


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_no_request_is_allowed_where_the_prover_says_that_none_is(count: int) -> None:
    draw = random.Random(SEED)  # noqa: S311 - the same requests in each run
    tried = allowed = there = found = 0
    wrong: list[str] = []
    for pair in pairs(count, SEED + 2):
        if tried >= count:
            break
        compared = Compared.of(pair.new, pair.old)
        result = compared.answer().result
        if result is Result.UNKNOWN:
            continue
        judge = compared.tells_apart()
        requests = list(Near([pair.new, pair.old], draw).requests(EACH))
        hit = next((one for one in requests if judge(one)), None)
        if result is Result.SOME:
            there += 1
            found += hit is not None
            continue
        tried += EACH
        allowed += sum(allows_alone(one, judge.new) is True for one in requests)
        if hit is not None:
            wrong.append(f"{hit}: {pair}")
    assert not wrong, "\n".join(wrong)
    # Requests that never come near to what is allowed would find nothing anywhere.
    print(f"{tried:,} requests, {allowed / tried:.0%} allowed; of {there} new ones {found} found")  # noqa: T201 - the figures are asked for
    assert tried >= count
    assert allowed >= LEAST_ALLOWED * tried
    assert found >= LEAST_FOUND * there
