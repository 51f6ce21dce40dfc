"""Whatever is spoiled in the account through its API, exactly the right controls say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from revet.model.finding import Status
from revet.model.verdict import Decision, Verdict

Account = Any  # of conftest.py
Corrupting = Any  # corrupting.py
Judge = Callable[..., Verdict]

_BAD = (Status.FAIL, Status.UNKNOWN)


@pytest.fixture
def spoiled(
    account: Account, corrupting: Corrupting, corruption: Mapping[str, Any]
) -> Iterator[Account]:
    """The account with the corruption in it; put back, or built anew, afterwards."""
    marks = corrupting.known(account.state, account.client)
    corrupting.send(corruption["break"], account.client, marks)
    yield account
    if corruption.get("rebuild"):
        account.rebuild()
    else:
        corrupting.send(corruption["restore"], account.client, marks)


@pytest.mark.usefixtures("spoiled")
def test_exactly_the_right_controls_fail(corruption: Mapping[str, Any], deployed: Judge) -> None:
    verdict = deployed()

    assert verdict.problems == ()
    assert verdict.decision is Decision.BLOCKED
    failed = {finding.control for finding in verdict.findings if finding.status is Status.FAIL}
    assert failed == set(corruption.get("fails", [corruption["control"]]))
    assert [finding for finding in verdict.findings if finding.status is Status.UNKNOWN] == []
    where = [
        finding.address
        for finding in verdict.findings
        if finding.status is Status.FAIL and finding.control == corruption["control"]
    ]
    named = corruption["address"]
    assert any(address == named or address.startswith(f'{named}["') for address in where), where


def test_all_controls_pass_again(deployed: Judge) -> None:
    """Runs after the corruptions as before them: each one is put back."""
    verdict = deployed()

    assert verdict.decision is Decision.ALLOWED
    assert [finding for finding in verdict.findings if finding.status in _BAD] == []


def test_every_control_that_judges_the_account_has_a_corruption_that_trips_it(
    corrupting: Corrupting, deployed: Judge
) -> None:
    judged = {f.control for f in deployed().findings if f.status is Status.PASS}
    cases = corrupting.corruptions()
    assert {name for case in cases for name in case.get("fails", [case["control"]])} == judged
    assert {case["control"] for case in cases} <= judged
