"""Without a statement that is called idle nothing changes: random policies, random requests."""

from __future__ import annotations

import random

import pytest
from tests.iam.prove.changes import Table, statements
from tests.iam.prove.judged import Compared
from tests.iam.prove.near_requests import Near
from tests.iam.prove.pairs import SEED, pairs

from revet.iam.evaluate import Policies
from revet.iam.evaluate.alone import allows_alone
from revet.iam.prove.idle import IdleStatements

FEW, MANY = 400, 4_000
EACH = 25
LEAST_IDLE = 0.2
LEAST_ALLOWED = 0.1


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_without_an_idle_statement_nothing_changes(count: int) -> None:
    draw = random.Random(SEED)  # noqa: S311 - the same requests in each run
    tried = allowed = idle = every = 0
    wrong: list[str] = []
    for pair in pairs(count, SEED + 5):
        written = [*statements(pair.new), *statements(pair.old)]
        whole: Table = {"Version": "2012-10-17", "Statement": written}
        document = Compared.of(whole, whole).new
        every += len(written)
        for found in IdleStatements(Policies(identity=(document,))).found():
            idle += 1
            rest = [one for at, one in enumerate(written) if at != found.at]
            less: Table = {"Version": "2012-10-17", "Statement": rest}
            compared = Compared.of(whole, less)
            judge, back = compared.tells_apart(), Compared.of(less, whole).tells_apart()
            near = Near([{"Version": "2012-10-17", "Statement": [written[found.at]]}], draw)
            for request in near.requests(EACH):
                tried += 1
                allowed += allows_alone(request, judge.new) is True
                if judge(request) or back(request):
                    wrong.append(f"{request}: {found} of {whole}")
    assert not wrong, "\n".join(wrong)
    print(f"{idle} of {every} statements idle; {tried:,} requests, {allowed / tried:.0%} allowed")  # noqa: T201 - the figures are asked for
    assert idle >= LEAST_IDLE * every
    assert allowed >= LEAST_ALLOWED * tried
