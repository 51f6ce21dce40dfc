"""Audit of several accounts: what cannot be read is unknown, and nobody else is left out for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from revet.gate.catalog import load_catalog
from revet.gate.frameworks import named_frameworks
from revet.gate.selection import select
from revet.model.account_read import AccountRead, Reach
from revet.model.errors import CatalogError, ConfigError, RevetError, TargetError
from revet.model.finding import Origin, Status
from revet.model.framework import RowStatus, framework_results
from revet.model.requirement import Judged as Way
from revet.model.requirement import Requirement, RequirementSet
from revet.model.verdict import Decision, Verdict
from revet.plan.observed import Observed
from revet.plan.terraform_types import Scope
from revet.verify.accounts import AccountAccess, Manner, audit_accounts
from revet.verify.audit import AuditInput
from revet.verify.read_only import ReadDeniedError, Reader, UnreachableError
from revet.verify.readers import TypeReader, load_readers

ONE, TWO, THREE = "111111111111", "222222222222", "333333333333"
WEST, EAST = "us-west-2", "us-east-1"
TODAY = dt.date(2030, 1, 1)
KEY = {
    "id": "k", "key_id": "k", "is_enabled": True, "enable_key_rotation": False,
    "rotation_period_in_days": 365, "key_usage": "ENCRYPT_DECRYPT", "custom_key_store_id": "",
    "customer_master_key_spec": "SYMMETRIC_DEFAULT", "policy": None, "tags_all": {},
}  # fmt: skip
REQUIREMENTS = RequirementSet(
    "tests", (Requirement("R", "keys rotate", (Way.LIVE,), (), ("kms-key-rotation",)),)
)


class Answering:
    """An account with some regions and keys."""

    def __init__(self, *regions: str, keys: int = 1, denied: str = "") -> None:
        self.regions = regions or (WEST,)
        self.keys = keys
        self.denied = denied

    def call(self, service: str, operation: str, **_: object) -> dict[str, Any]:
        if operation in self.denied:
            raise ReadDeniedError(f"{service}:{operation}", where="here", got="AccessDenied")
        if operation == "describe_regions":
            return {"Regions": [{"RegionName": name} for name in self.regions]}
        return {"Keys": [{"KeyId": f"k{number}"} for number in range(self.keys)]}


def keys() -> TypeReader:
    return TypeReader(
        type="aws_kms_key",
        service="kms",
        actions=("kms:ListKeys",),
        items=lambda api, region: api.call("kms", "list_keys", region)["Keys"],
        identity=lambda item: str(item["KeyId"]),
        read=lambda _api, region, item: [Observed("aws_kms_key", item["KeyId"], KEY, region)],
        scope=Scope.REGIONAL,
    )


def refusing(error: Exception) -> Callable[[], Reader]:
    def connect() -> Reader:
        raise error

    return connect


DENIED = ReadDeniedError("sts:AssumeRole", where="arn:aws:iam::2:role/r", got="AccessDenied")


def audit(
    *places: AccountAccess,
    regions: tuple[str, ...] = (),
    only: tuple[str, ...] = ("kms-key-rotation",),
    readers: tuple[TypeReader, ...] = (),
    **more: Any,  # noqa: ANN401 - of the function
) -> Verdict:
    against = AuditInput(load_catalog(only=only), REQUIREMENTS, today=TODAY)
    manner = Manner(readers or (keys(),), regions, WEST, Origin.EMULATED, 2)
    return audit_accounts(places, against, manner, name="several accounts", **more)


def statuses(verdict: Verdict) -> dict[str, set[Status]]:
    found: dict[str, set[Status]] = {}
    for finding in verdict.findings:
        found.setdefault(finding.account, set()).add(finding.status)
    return found


@pytest.mark.parametrize(
    "error", [DENIED, TargetError("no session", where="there"), UnreachableError("no answer")]
)
def test_an_account_that_cannot_be_read_is_unknown(error: RevetError) -> None:
    told: list[AccountRead] = []
    verdict = audit(
        AccountAccess(ONE, Answering),
        AccountAccess(TWO, refusing(error), "data", "arn:aws:iam::2:role/r"),
        AccountAccess(THREE, Answering),
        done=told.append,
    )
    assert verdict.decision is Decision.UNDECIDED
    assert statuses(verdict) == {
        ONE: {Status.FAIL},
        TWO: {Status.UNKNOWN},
        THREE: {Status.FAIL},
    }
    [problem] = verdict.problems
    assert problem.startswith(f"account {TWO} (data) was not read: {error.what}")
    assert [(one.account, one.reach) for one in verdict.provenance.accounts] == [
        (ONE, Reach.READ),
        (TWO, Reach.NOT_READ),
        (THREE, Reach.READ),
    ]
    assert {one.account for one in told} == {ONE, TWO, THREE}
    [row] = verdict.matrix
    assert row.status is Status.FAIL
    assert {one.status for cell in row.cells for one in cell.evidence} == {
        Status.FAIL,
        Status.UNKNOWN,
    }


def test_rows_of_frameworks_are_judged_over_all_accounts() -> None:
    frameworks = named_frameworks(["cis_aws"])
    against = AuditInput(
        load_catalog(only=("kms-key-rotation",)), today=TODAY, frameworks=frameworks
    )
    manner = Manner((keys(),), (), WEST, Origin.EMULATED, 2)
    places = (AccountAccess(ONE, Answering), AccountAccess(THREE, Answering))
    verdict = audit_accounts(places, against, manner, name="several accounts")
    [item] = framework_results(verdict)
    [row] = [row for row in item.rows if row.row.id == "3.6"]
    assert row.status is RowStatus.FAILED
    [answer] = row.evidence
    assert answer.counts == {Status.FAIL: len(verdict.findings)}
    assert answer.origins == (Origin.EMULATED,)


def test_no_control_has_an_answer_for_an_account_that_was_not_read() -> None:
    everything = load_readers()
    against = AuditInput(load_catalog(), today=TODAY)
    manner = Manner(everything, (), WEST, Origin.REAL, 2)
    place = AccountAccess(TWO, refusing(DENIED))
    verdict = audit_accounts((place,), against, manner, name="several accounts")
    assert statuses(verdict)[TWO] <= {Status.UNKNOWN, Status.NOT_EXERCISED}
    idle = {one.control for one in verdict.findings if one.status is Status.NOT_EXERCISED}
    settings = {one.control.meta.id for one in select(load_catalog(), None, None) if one.missing}
    no_account = {"terraform-outputs", "terraform-state-backend"}
    assert idle <= settings | no_account, "they need settings, or are not about accounts"
    assert not verdict.not_looked_at
    for finding in verdict.findings:
        if finding.status is Status.UNKNOWN:
            assert "sts:AssumeRole" in finding.resolve
    [problem] = verdict.problems
    assert "sts:AssumeRole" in problem


def test_regions_that_are_not_enabled_are_named() -> None:
    verdict = audit(
        AccountAccess(ONE, Answering),
        AccountAccess(TWO, lambda: Answering(WEST, EAST)),
        regions=(WEST, EAST),
    )
    assert verdict.problems == ()
    assert verdict.provenance.notes["not enabled"] == f"{EAST} ({ONE})"
    assert [one.regions for one in verdict.provenance.accounts] == [(WEST,), (EAST, WEST)]
    nowhere = audit(AccountAccess(ONE, Answering), regions=(WEST, "us-wset-2"))
    assert nowhere.problems == (
        "region `us-wset-2` is enabled in no account: correct `--region` or `regions`",
    )


def test_regions_that_cannot_be_listed_are_read_where_they_are_named() -> None:
    refusing_regions = AccountAccess(ONE, lambda: Answering(denied="describe_regions"))
    assert statuses(audit(refusing_regions, regions=(EAST,)))[ONE] == {Status.FAIL}
    unread = audit(refusing_regions)
    assert statuses(unread)[ONE] == {Status.UNKNOWN}
    assert "ec2:describe_regions" in unread.problems[0]


def test_an_empty_account_is_no_problem_beside_one_that_is_not() -> None:
    empty = AccountAccess(ONE, lambda: Answering(keys=0))
    verdict = audit(empty, AccountAccess(TWO, Answering))
    assert verdict.problems == ()
    assert verdict.provenance.notes["nothing to judge"] == ONE
    assert statuses(verdict) == {TWO: {Status.FAIL}}
    nothing = audit(empty, AccountAccess(TWO, lambda: Answering(keys=0)))
    assert nothing.decision is Decision.UNDECIDED
    assert len(nothing.problems) == 2


def test_the_same_account_gives_the_same_fingerprints_alone() -> None:
    both = audit(AccountAccess(ONE, Answering), AccountAccess(TWO, Answering))
    alone = audit(AccountAccess(ONE, Answering))
    prints = [one.fingerprint for one in both.findings]
    assert len(set(prints)) == len(prints)
    assert {one.fingerprint for one in alone.findings} <= set(prints)


def test_what_is_denied_is_named_with_its_accounts() -> None:
    verdict = audit(
        AccountAccess(ONE, lambda: Answering(denied="list_keys")), AccountAccess(TWO, Answering)
    )
    assert verdict.provenance.notes["denied"] == f"kms:list_keys ({ONE})"
    assert statuses(verdict) == {ONE: {Status.UNKNOWN}, TWO: {Status.FAIL}}
    assert verdict.decision is Decision.BLOCKED


@pytest.mark.parametrize("error", [ConfigError("wrong"), ZeroDivisionError()])
def test_what_is_wrong_with_the_run_itself_ends_it(error: Exception) -> None:
    with pytest.raises(type(error)):
        audit(AccountAccess(ONE, refusing(error)), AccountAccess(TWO, Answering))


def test_a_reader_that_does_not_fit_the_account_ends_that_account_alone() -> None:
    verdict = audit(
        AccountAccess(ONE, refusing(CatalogError("broken"))), AccountAccess(TWO, Answering)
    )
    assert verdict.decision is Decision.UNDECIDED
