"""Questions about AWS's own policies, of which the answers are known.

Inclusion in copies that allow as much or more, in narrower ones, and the questions that a reviewer
asks: nothing outside a Region, roles passed to one service only.
"""

from __future__ import annotations

import json
import os
import random
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.iam.prove import changes
from tests.iam.prove.changes import Table, statements
from tests.iam.prove.judged import Compared
from tests.iam.prove.near_requests import Near

from revet.iam.prove.ask import Answer, Result

ORACLES = os.environ.get("REVET_ORACLES")
FOLDER = Path(ORACLES or "") / "access_analyzer" / "policies"
MOST_UNKNOWN = 0.01
EVERY = 8
"""Of the policies, one in so many is asked about where time is short."""
TRIES = 60
REGION = "eu-west-1"
SERVICE = "ec2.amazonaws.com"

pytestmark = pytest.mark.skipif(
    not ORACLES, reason="REVET_ORACLES is not set: nothing is proved about AWS's policies"
)
SHARES = pytest.mark.parametrize(
    "every", [EVERY, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "all"]
)


class Asked:
    """One question, about many policies.

    Args:
        every: one policy in so many is asked about.
    """

    def __init__(self, every: int) -> None:
        self.said: Counter[str] = Counter()
        self.wrong: list[str] = []
        files = sorted(FOLDER.glob("*.json"))[::every]
        assert files
        self.policies = {file.stem: json.loads(file.read_text("utf-8")) for file in files}

    def about(
        self, ask: Callable[[Table, random.Random], tuple[Table, Table]], *, holds: bool
    ) -> None:
        """Ask about each policy.

        Args:
            ask: makes the two policies of a question.
            holds: whether nothing new must be found; otherwise what is said is tried with random
                requests.
        """
        for name, policy in self.policies.items():
            draw = random.Random(zlib.crc32(name.encode()))  # noqa: S311 - the same in each run
            new, old = ask(policy, draw)
            compared = Compared.of(new, old)
            answer = compared.answer()
            self.said[answer.result] += 1
            if holds and answer.result is Result.SOME:
                self.wrong.append(f"{name}: {answer.witness}")
            if not holds:
                self._try(name, compared, answer, Near([new, old], draw))

    def _try(self, name: str, compared: Compared, answer: Answer, near: Near) -> None:
        judge = compared.tells_apart()
        hit = next((one for one in near.requests(TRIES) if judge(one)), None)
        if answer.result is Result.NONE and hit is not None:
            self.wrong.append(f"{name}: {hit}")

    def check(self) -> None:
        """Nothing was wrong, and little unknown."""
        print(dict(self.said))  # noqa: T201 - the figures are asked for
        assert not self.wrong, "\n".join(self.wrong)
        assert self.said[Result.UNKNOWN] <= MOST_UNKNOWN * len(self.policies), self.said


def with_denial(policy: Table, denial: Table) -> Table:
    return {**policy, "Statement": [*statements(policy), {"Effect": "Deny", **denial}]}


def within_region(policy: Table) -> Table:
    condition = {"StringNotEquals": {"aws:RequestedRegion": REGION}}
    return with_denial(policy, {"Action": "*", "Resource": "*", "Condition": condition})


def passing_to_one(policy: Table) -> Table:
    condition = {"StringNotEquals": {"iam:PassedToService": SERVICE}}
    return with_denial(policy, {"Action": "iam:PassRole", "Resource": "*", "Condition": condition})


def everything(*further: Table) -> Table:
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Resource": "*", **one} for one in further
    ]}  # fmt: skip


ONE_REGION = everything(
    {"Action": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": REGION}}}
)
ONE_SERVICE = everything(
    {"NotAction": "iam:PassRole"},
    {"Action": "iam:PassRole", "Condition": {"StringEquals": {"iam:PassedToService": SERVICE}}},
)


def wider(policy: Table, draw: random.Random) -> Table:
    """A copy in another order, with split statements and wider patterns."""
    copy = changes.rewildcarded(policy, draw)
    return changes.permuted(changes.split(copy, draw), draw)


@SHARES
def test_a_permuted_and_split_copy_allows_the_same(every: int) -> None:
    asked = Asked(every)
    asked.about(
        lambda policy, draw: (policy, changes.split(changes.permuted(policy, draw), draw)),
        holds=True,
    )
    asked.about(
        lambda policy, draw: (changes.split(changes.permuted(policy, draw), draw), policy),
        holds=True,
    )
    asked.check()


@SHARES
def test_a_wider_copy_allows_all_of_it(every: int) -> None:
    asked = Asked(every)
    asked.about(lambda policy, draw: (policy, wider(policy, draw)), holds=True)
    asked.check()


@SHARES
def test_a_narrower_copy_allows_nothing_more(every: int) -> None:
    asked = Asked(every)
    asked.about(lambda policy, draw: (changes.narrowed(policy, draw), policy), holds=True)
    asked.check()


@SHARES
def test_a_narrower_copy_allows_less_where_it_is_narrower(every: int) -> None:
    asked = Asked(every)
    asked.about(lambda policy, draw: (policy, changes.narrowed(policy, draw)), holds=False)
    assert asked.said[Result.SOME] >= len(asked.policies) / 2, asked.said
    asked.check()


@SHARES
def test_a_denial_outside_a_region_leaves_nothing_outside(every: int) -> None:
    asked = Asked(every)
    asked.about(lambda policy, _: (within_region(policy), ONE_REGION), holds=True)
    asked.check()


@SHARES
def test_without_that_denial_there_is_something_outside(every: int) -> None:
    asked = Asked(every)
    asked.about(lambda policy, _: (policy, ONE_REGION), holds=False)
    assert asked.said[Result.SOME] >= len(asked.policies) * 0.9, asked.said
    asked.check()


@SHARES
def test_a_denial_of_other_services_leaves_roles_to_one(every: int) -> None:
    asked = Asked(every)
    asked.about(lambda policy, _: (passing_to_one(policy), ONE_SERVICE), holds=True)
    asked.check()


@SHARES
def test_which_policies_pass_roles_to_other_services(every: int) -> None:
    asked = Asked(every)
    asked.about(lambda policy, _: (policy, ONE_SERVICE), holds=False)
    assert min(asked.said[Result.SOME], asked.said[Result.NONE]) > 0, asked.said
    asked.check()
