"""A value that AWS does not have is not known to do anything; blank texts say nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest
from tests.gate.conftest import MakePlan

from revet.gate.readings.values import one_of, says_something
from revet.model.errors import UnknownValueError
from revet.plan import Resource, load_plan

DAYS = range(90, 2561)
USAGES = ("ENCRYPT_DECRYPT", "SIGN_VERIFY")


def key(make_plan: MakePlan, **arguments: object) -> Resource:
    plan = load_plan(make_plan({"aws_kms_key": {"data": arguments}}))
    return plan.resources["aws_kms_key.data"]


@pytest.mark.parametrize(
    ("path", "value", "values"),
    [("key_usage", "SIGN_VERIFY", USAGES), ("rotation_period_in_days", 90, DAYS)],
)
def test_a_value_that_aws_has(
    make_plan: MakePlan, path: str, value: object, values: Collection[Any]
) -> None:
    assert one_of(key(make_plan, **{path: value}), path, values, "{}") == value


@pytest.mark.parametrize(
    ("path", "value", "values", "why", "resolve"),
    [
        (
            "key_usage", "SIGN", USAGES,
            "KMS has no usage `SIGN`", "write one of `ENCRYPT_DECRYPT`, `SIGN_VERIFY`",
        ),
        ("key_usage", "SIGN\u200b", USAGES, "KMS has no usage `SIGN\\u200b`", "write one of"),
        ("rotation_period_in_days", 89, DAYS, "KMS has no usage `89`", "write 90 to 2560"),
    ],
)  # fmt: skip
def test_any_other_is_refused(
    make_plan: MakePlan, path: str, value: object, values: Collection[Any], why: str, resolve: str
) -> None:
    with pytest.raises(UnknownValueError) as raised:
        one_of(key(make_plan, **{path: value}), path, values, "KMS has no usage `{}`")
    assert (raised.value.path, raised.value.why) == (f"aws_kms_key.data.{path}", why)
    assert raised.value.resolve.startswith(resolve)


def test_only_what_is_not_written_has_the_default(make_plan: MakePlan) -> None:
    assert one_of(key(make_plan), "key_usage", USAGES, "{}", default="x") == "x"
    with pytest.raises(UnknownValueError):
        one_of(key(make_plan, key_usage=None), "key_usage", USAGES, "{}", default="x")
    later = key(make_plan, key_usage="${aws_kms_key.data.description}")
    with pytest.raises(UnknownValueError):
        one_of(later, "key_usage", USAGES, "{}", default="x")


@pytest.mark.parametrize(("text", "says"), [("", False), (" \t\u200b", False), ("x", True)])
def test_what_nobody_sees_says_nothing(text: str, says: bool) -> None:  # noqa: FBT001 - expected
    assert says_something(text) is says
