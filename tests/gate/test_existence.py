"""Whether what an output names is gone from the account."""

from __future__ import annotations

import pytest

from revet.gate.readings.existence import all_gone, is_gone
from revet.model.errors import UnknownValueError
from revet.plan.inventory import Inventory
from revet.plan.observed import EVERY, Observed, account_inventory
from revet.plan.unread_marks import Mark, denied
from revet.plan.values import Unread

ACCOUNT, REGION = "123456789012", "us-west-2"
GROUP = "sg-0123456789abcdef0"
OTHER = "sg-0123456789abcdef1"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:news"
BUCKET = Observed("aws_s3_bucket", "data", {"id": "data", "arn": "arn:aws:s3:::data"})
HERE = frozenset({REGION})


def account(*observed: Observed, **lost: Unread | None) -> Inventory:
    there = Observed("aws_security_group", GROUP, {"id": GROUP, "arn": GROUP}, REGION)
    coverage = {
        "aws_security_group": HERE,
        "aws_sns_topic": HERE,
        "aws_kms_key": HERE,
        "aws_s3_bucket": frozenset({""}),
    }
    found = (there, BUCKET, *observed)
    return account_inventory(found, account=ACCOUNT, coverage=coverage, outputs={}, lost=lost)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (GROUP, False),
        (OTHER, True),
        (TOPIC, True),
        (f"{TOPIC}:subscription", True),
        (TOPIC.replace(ACCOUNT, "210987654321"), False),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", False),
        ("arn:aws:s3:::data/key", False),
        ("news", False),
        ("lost", True),
    ],
)
def test_what_is_gone(text: str, gone: bool) -> None:  # noqa: FBT001 - a case
    assert is_gone(text, account(lost=None)) is gone


def test_a_key_of_aws_is_there() -> None:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    key = Observed("aws_kms_key", "1", {"id": "1", "arn": arn}, REGION, mode="data")
    assert is_gone(arn, account())
    assert not is_gone(arn, account(key))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unread", "`ec2:describevpcs` was denied"),
        ("arn:aws:s3:::others", "another account's"),
        (TOPIC.replace(REGION, "eu-west-1"), "not listed in `eu-west-1`"),
        ("vpc-01234567", "not listed"),
    ],
)
def test_what_could_not_be_looked_for(text: str, said: str) -> None:
    lost = Unread("aws_vpc.main", "`ec2:describevpcs` was denied", "allow it")
    with pytest.raises(UnknownValueError, match=said):
        is_gone(text, account(unread=lost))


@pytest.mark.parametrize(
    "unread",
    [
        Observed("aws_sns_topic", EVERY, {}, REGION, denied("sns:listtopics")),
        Observed("aws_sns_topic", "x", {"id": "x"}, REGION, denied("sns:listtopics")),
        Observed(
            "aws_sns_topic",
            "x",
            {"id": "x"},
            REGION,
            unknown={"arn": Mark("no `sns:listtopics`", "")},
        ),
    ],
)
def test_it_may_be_what_could_not_be_read(unread: Observed) -> None:
    with pytest.raises(UnknownValueError, match="sns:listtopics"):
        is_gone(TOPIC, account(unread))


def test_what_is_gone_for_certain_comes_before_doubt() -> None:
    inventory = account()
    texts = {"a": ["arn:aws:s3:::others"], "b": [GROUP, OTHER]}
    assert all_gone(texts, inventory) == (("b", OTHER),)
    with pytest.raises(UnknownValueError):
        all_gone({"a": texts["a"]}, inventory)
