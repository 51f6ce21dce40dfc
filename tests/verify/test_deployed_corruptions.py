"""Whatever is spoiled in the account, the gate's own rules say so, as the live checks do."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from revet.model.finding import Status
from revet.model.verdict import Verdict
from revet.verify.run import LiveResult

Account = Any  # of conftest.py
Corrupting = Any  # corrupting.py
Verify = Callable[..., LiveResult]
Judge = Callable[..., Verdict]

_TABLE = tomllib.loads(Path(__file__).with_name("deployed.toml").read_text("utf-8"))
_BAD = (Status.FAIL, Status.UNKNOWN)


@pytest.fixture
def spoiled(
    account: Account, corrupting: Corrupting, corruption: Mapping[str, Any]
) -> Iterator[Account]:
    marks = corrupting.known(account.state, account.client)
    corrupting.send(corruption["break"], account.client, marks)
    yield account
    if corruption.get("rebuild"):
        account.rebuild()
    else:
        corrupting.send(corruption["restore"], account.client, marks)


@pytest.mark.usefixtures("spoiled")
def test_the_same_controls_fail(
    corruption: Mapping[str, Any], corrupting: Corrupting, deployed: Judge
) -> None:
    """And no other than the table of differences names."""
    verdict = deployed()

    assert verdict.problems == ()
    found = {f.control: f.status for f in verdict.findings if f.status in _BAD}
    found |= {f.control: f.status for f in verdict.findings if f.status is Status.FAIL}
    expected = dict.fromkeys(corruption.get("fails", [corruption["check"]]), Status.FAIL)
    differs = _TABLE.get(corrupting.case_id(corruption), {})
    expected |= {name: Status(status) for name, status in differs.get("controls", {}).items()}
    assert found == {name: s for name, s in expected.items() if s is not Status.PASS}


def test_the_untouched_account_passes(verify: Verify, deployed: Judge) -> None:
    """Whatever the live checks pass, passes."""
    verdict = deployed()
    old = {(f.control, f.address) for f in verify().findings if f.status is Status.PASS}
    new = {(f.control, f.address) for f in verdict.findings if f.status is Status.PASS}
    assert verdict.problems == ()
    assert [f for f in verdict.findings if f.status in _BAD] == []
    assert old - new == set()


def test_each_difference_has_a_reason(corrupting: Corrupting) -> None:
    assert _TABLE.keys() <= {corrupting.case_id(case) for case in corrupting.corruptions()}
    assert all(row["why"] for row in _TABLE.values())
