"""Whatever is spoiled in the account, the gate's own rules say so, as the live checks do."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.model.finding import Origin, Status
from revet.model.verdict import Verdict
from revet.plan.state import load_state
from revet.verify.api import Api
from revet.verify.audit import AuditInput
from revet.verify.deployed import judge_deployed
from revet.verify.reader import Reader
from revet.verify.run import LiveResult

Account = Any  # of conftest.py
Corrupting = Any  # corrupting.py
Verify = Callable[..., LiveResult]
Judge = Callable[[], Verdict]

_TABLE = tomllib.loads(Path(__file__).with_name("deployed.toml").read_text("utf-8"))
_BAD = (Status.FAIL, Status.UNKNOWN)


class KeyUsage:
    """Answers as AWS does: moto leaves `KeyUsage` out of the keys that it makes without one.

    Source: KMS API Reference, `KeyMetadata`.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
        answer = self.reader.call(service, operation, **parameters)
        if operation == "describe_key":
            usage = answer["KeyMetadata"].get("KeyUsage") or "ENCRYPT_DECRYPT"
            return {**answer, "KeyMetadata": {**answer["KeyMetadata"], "KeyUsage": usage}}
        return answer


@pytest.fixture
def deployed(account: Account, boto_reader: Reader, settings: Mapping[str, Any]) -> Judge:
    def run(*, beside: bool = False) -> Verdict:
        state = account.state
        return judge_deployed(
            Api(KeyUsage(boto_reader), "123456789012", "us-west-2"),
            load_state(state),
            AuditInput(load_catalog(), baseline=Baseline("tests", settings=settings)),
            stack="tap",
            regions={},
            origin=Origin.EMULATED,
            beside=beside,
        )

    return run


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
    expected = {name: Status.FAIL for name in corruption.get("fails", [corruption["check"]])}
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
