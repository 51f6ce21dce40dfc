"""Whatever is spoiled in the account through its API, exactly the right checks say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from revet.model.finding import Status
from revet.verify.run import LiveResult

Account = Any  # of conftest.py
Corrupting = Any  # corrupting.py
Verify = Callable[..., LiveResult]


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


def test_exactly_the_right_checks_fail(
    spoiled: Account, corruption: Mapping[str, Any], verify: Verify
) -> None:
    result = verify()

    assert result.problems == ()
    failed = {finding.control for finding in result.findings if finding.status is Status.FAIL}
    assert failed == set(corruption.get("fails", [corruption["check"]]))
    unsure = [finding for finding in result.findings if finding.status is Status.UNKNOWN]
    assert unsure == []
    assert any(
        finding.address == corruption["address"] and finding.control == corruption["check"]
        for finding in result.findings
        if finding.status is Status.FAIL
    )


def test_all_checks_pass_again(verify: Verify, account: Account) -> None:
    """Runs after the corruptions as before them: each one is put back."""
    result = verify()

    assert result.problems == ()
    assert {f.status for f in result.findings} == {Status.PASS}
    assert result.not_exercised == ()


def test_every_check_has_a_corruption_that_trips_it(
    checks: Mapping[str, Any], corrupting: Corrupting
) -> None:
    assert {case["check"] for case in corrupting.corruptions()} == set(checks)
