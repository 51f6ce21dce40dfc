"""Reading an account: what is denied, gone or senseless is kept, and never taken for absent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from revet.gate.catalog import load_catalog
from revet.gate.engine import ControlRun, run_controls
from revet.gate.selection import select
from revet.model.errors import TargetError, UnknownValueError
from revet.model.finding import Origin, Status
from revet.plan.inventory import Inventory, Reading
from revet.plan.observed import EVERY, Observed, account_inventory
from revet.plan.terraform_types import Scope
from revet.plan.unread_marks import denied
from revet.verify.api import Api
from revet.verify.observe import AccountReading, observe
from revet.verify.read_only import MissingResourceError, ReadDeniedError, UnreachableError
from revet.verify.readers import TypeReader, load_readers

ACCOUNT = "111122223333"
WEST = "us-west-2"
KEY = {
    "id": "k", "key_id": "k", "arn": f"arn:aws:kms:{WEST}:{ACCOUNT}:key/k", "is_enabled": True,
    "enable_key_rotation": True, "rotation_period_in_days": 365, "key_usage": "ENCRYPT_DECRYPT",
    "customer_master_key_spec": "SYMMETRIC_DEFAULT", "custom_key_store_id": "",
    "policy": None, "tags_all": {},
}  # fmt: skip
ALIAS = {"id": "alias/k", "name": "alias/k", "target_key_id": "k", "name_prefix": ""}


class Nobody:
    """A reader that is never asked."""

    def call(self, *asked: object, **_more: object) -> dict[str, Any]:
        raise AssertionError(asked)


def api() -> Api:
    return Api(Nobody(), ACCOUNT, "us-east-1", 2)


def reader_of(
    kind: str,
    items: Callable[[], list[str]],
    read: Callable[[str], list[Observed]],
    *,
    parts: tuple[str, ...] = (),
    scope: Scope = Scope.REGIONAL,
) -> TypeReader:
    return TypeReader(
        type=kind,
        service="kms",
        actions=("kms:ListKeys",),
        items=lambda _api, _region: items(),
        identity=str,
        read=lambda _api, _region, item: read(item),
        parts=parts,
        scope=scope,
        each=True,
    )


def raising(error: Exception) -> Callable[..., Any]:
    def refuse(*_: object) -> Any:  # noqa: ANN401 - never returns
        raise error

    return refuse


DENIED = ReadDeniedError("kms:ListKeys", where="here", got="AccessDenied")
KEYS = reader_of("aws_kms_key", lambda: ["k"], lambda _: [Observed("aws_kms_key", "k", KEY, WEST)])
ALIASES = reader_of(
    "aws_kms_alias",
    lambda: ["alias/k"],
    lambda _: [Observed("aws_kms_alias", "alias/k", ALIAS, WEST)],
)


def judged(seen: AccountReading, control: str) -> ControlRun:
    catalog = load_catalog(only=(control,))
    inventory = seen.inventory(ACCOUNT)
    chosen = select(catalog, None, None)
    return run_controls(inventory, chosen, subject="account", origin=Origin.EMULATED)


def answer(seen: AccountReading, control: str) -> tuple[Status, str, str]:
    [finding] = judged(seen, control).findings
    return finding.status, finding.implemented, finding.resolve


def test_what_is_read_is_judged_and_carries_account_region_and_origin() -> None:
    result = judged(observe(api(), (KEYS, ALIASES), [WEST]), "kms-key-alias")
    assert result.problems == ()
    [finding] = result.findings
    assert (finding.status, finding.address) == (Status.PASS, f'aws_kms_key.account["{WEST}/k"]')
    assert (finding.origin, finding.account, finding.region) == (Origin.EMULATED, ACCOUNT, WEST)


def test_a_listing_that_is_empty_is_an_answer() -> None:
    none = reader_of("aws_kms_alias", list, lambda _: [])
    status, why, _ = answer(observe(api(), (KEYS, none), [WEST]), "kms-key-alias")
    assert (status, why) == (Status.FAIL, "no `aws_kms_alias` names it")


def test_a_type_that_was_not_listed_gives_no_conclusion() -> None:
    status, why, resolve = answer(observe(api(), (KEYS,), [WEST]), "kms-key-alias")
    assert status is Status.UNKNOWN
    assert "were not listed in `us-west-2`" in why
    assert "audit the account" in resolve


@pytest.mark.parametrize("error", [DENIED, TargetError("AWS failed"), KeyError("Aliases")])
def test_a_listing_that_cannot_be_read_gives_no_conclusion(error: Exception) -> None:
    broken = reader_of("aws_kms_alias", raising(error), lambda _: [])
    seen = observe(api(), (KEYS, broken), [WEST])
    status, why, _ = answer(seen, "kms-key-alias")
    assert status is Status.UNKNOWN
    if error is DENIED:
        assert "`kms:ListKeys` was denied" in why
        assert seen.denied == ("kms:ListKeys",)


def test_resources_that_cannot_be_listed_are_one_unknown_each_type() -> None:
    broken = reader_of(
        "aws_kms_key", raising(DENIED), lambda _: [], parts=("aws_kms_external_key",)
    )
    seen = observe(api(), (broken, ALIASES), [WEST])
    assert {item.type for item in seen.observed if item.id == EVERY} == {
        "aws_kms_key",
        "aws_kms_external_key",
    }
    status, why, resolve = answer(seen, "kms-key-rotation")
    assert (status, "`kms:ListKeys` was denied" in why) == (Status.UNKNOWN, True)
    assert "allow `kms:ListKeys`" in resolve


@pytest.mark.parametrize("error", [DENIED, TargetError("AWS failed"), KeyError("KeyMetadata")])
def test_a_resource_that_cannot_be_read_is_unknown(error: Exception) -> None:
    broken = reader_of("aws_kms_key", lambda: ["k"], raising(error))
    assert (
        answer(observe(api(), (broken, ALIASES), [WEST]), "kms-key-rotation")[0] is Status.UNKNOWN
    )


def test_what_went_away_while_reading_is_not_there() -> None:
    gone = reader_of("aws_kms_key", lambda: ["k"], raising(MissingResourceError("gone")))
    assert observe(api(), (gone,), [WEST]).inventory(ACCOUNT).of_type("aws_kms_key") == ()


def test_an_account_that_cannot_be_asked_ends_it() -> None:
    broken = reader_of("aws_kms_key", raising(UnreachableError("no answer")), lambda _: [])
    with pytest.raises(UnreachableError):
        observe(api(), (broken,), [WEST])


def test_global_types_are_read_once_and_regional_ones_in_each_region() -> None:
    asked: list[str] = []

    def once(region: str) -> list[str]:
        asked.append(region)
        return []

    def listing(kind: str, scope: Scope) -> TypeReader:
        base = reader_of(kind, list, lambda _: [], scope=scope)
        return TypeReader(
            type=kind, service="s3", actions=(), items=lambda _api, region: once(region),
            identity=str, read=base.read, scope=scope,
        )  # fmt: skip

    regional = listing("aws_kms_key", Scope.REGIONAL)
    seen = observe(api(), (listing("aws_s3_bucket", Scope.GLOBAL), regional), ["b", "a"])
    assert sorted(asked) == ["", "a", "b"]
    inventory = seen.inventory(ACCOUNT)
    assert inventory.covers("aws_s3_bucket", "anywhere")
    assert (inventory.covers("aws_kms_key", "a"), inventory.covers("aws_kms_key", "c")) == (
        True,
        False,
    )


def inventory_of(*observed: Observed) -> Inventory:
    kinds = {item.type for item in observed}
    return account_inventory(
        observed, account=ACCOUNT, coverage={kind: frozenset({WEST}) for kind in kinds}
    )


def test_an_attribute_that_no_reader_writes_is_unknown_and_never_null() -> None:
    values = {name: value for name, value in KEY.items() if name != "enable_key_rotation"}
    inventory = inventory_of(Observed("aws_kms_key", "k", values, WEST))
    [key] = inventory.of_type("aws_kms_key")
    with pytest.raises(UnknownValueError, match="not read from the account"):
        key.is_set("enable_key_rotation")
    assert inventory.reading is Reading.ACCOUNT
    assert inventory.account == ACCOUNT


def hidden() -> Iterator[tuple[str, Observed]]:
    for name in KEY:
        mark = {name: denied("kms:DescribeKey")}
        yield name, Observed("aws_kms_key", "k", KEY, WEST, unknown=mark)


@pytest.mark.parametrize(("name", "key"), list(hidden()))
def test_hiding_an_attribute_improves_nothing(name: str, key: Observed) -> None:
    whole = {f.control: f.status for f in _findings(Observed("aws_kms_key", "k", KEY, WEST))}
    for finding in _findings(key):
        same = finding.status is whole.get(finding.control)
        assert same or finding.status is Status.UNKNOWN, (name, finding)
        assert same or "`kms:DescribeKey` was denied" in finding.implemented


def _findings(key: Observed) -> tuple[Any, ...]:
    inventory = inventory_of(key, Observed("aws_kms_alias", "alias/k", ALIAS, WEST))
    chosen = select(load_catalog(), None, None)
    result = run_controls(inventory, chosen, subject="account", origin=Origin.REAL)
    assert result.problems == ()
    return tuple(f for f in result.findings if f.status is not Status.NOT_EXERCISED)


def test_the_names_of_a_state_take_the_place_of_made_up_ones() -> None:
    names = {("aws_kms_key", WEST, "k"): 'module.m["a"].aws_kms_key.main[0]'}
    inventory = account_inventory(
        [Observed("aws_kms_key", "k", KEY, WEST)], account=ACCOUNT, coverage={}, names=names
    )
    assert list(inventory.resources) == ['module.m["a"].aws_kms_key.main[0]']


FLOW = {
    "id": "fl-1", "vpc_id": "vpc-1", "traffic_type": "ALL", "log_group_name": "",
    "log_destination_type": "cloud-watch-logs", "tags_all": {},
    "iam_role_arn": f"arn:aws:iam::{ACCOUNT}:role/flow",
}  # fmt: skip


@pytest.mark.parametrize(
    ("destination", "listed", "expected"),
    [
        (f"arn:aws:logs:{WEST}:{ACCOUNT}:log-group:gone", True, Status.FAIL),
        (f"arn:aws:logs:{WEST}:{ACCOUNT}:log-group:gone", False, Status.UNKNOWN),
        (f"arn:aws:logs:{WEST}:999999999999:log-group:theirs", True, Status.UNKNOWN),
        ("arn:aws:s3:::gone", True, Status.UNKNOWN),
        ("arn:nonsense", True, Status.UNKNOWN),
    ],
)
def test_what_the_account_does_not_have_fails(
    destination: str,
    listed: bool,  # noqa: FBT001 - a parameter of cases
    expected: Status,
) -> None:
    flow = Observed("aws_flow_log", "fl-1", FLOW | {"log_destination": destination}, WEST)
    kinds = (
        "aws_cloudwatch_log_group",
        "aws_s3_bucket",
        "aws_kinesis_firehose_delivery_stream",
    )
    coverage = {kind: frozenset({WEST, ""}) for kind in kinds} if listed else {}
    inventory = account_inventory([flow], account=ACCOUNT, coverage=coverage)
    chosen = select(load_catalog(only=("ec2-flow-log-destination",)), None, None)
    [finding] = run_controls(inventory, chosen, subject="account", origin=Origin.REAL).findings
    assert finding.status is expected
    assert expected is not Status.FAIL or "which the account does not have" in finding.implemented


class Vanishing:
    """A key that is deleted between one call and the next."""

    def call(self, service: str, operation: str, **more: object) -> dict[str, Any]:
        del service, more
        if operation == "describe_key":
            said = {"KeyId": "k", "Arn": KEY["arn"], "Enabled": True, "KeyManager": "CUSTOMER"}
            return {"KeyMetadata": {**said, "Origin": "AWS_KMS", "KeySpec": "SYMMETRIC_DEFAULT"}}
        if operation == "list_keys":
            return {"Keys": [{"KeyId": "k"}]}
        raise MissingResourceError("gone")


def test_a_key_that_vanishes_is_not_taken_for_one_without_a_policy() -> None:
    keys = [one for one in load_readers() if one.type == "aws_kms_key"]
    seen = observe(Api(Vanishing(), ACCOUNT, WEST, 1), keys, [WEST])
    assert [item for item in seen.observed if item.type == "aws_kms_key"] == []
