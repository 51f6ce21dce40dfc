"""What could not be read from an account says so, wherever somebody comes across it."""

from __future__ import annotations

import pytest

from revet.model.errors import UnknownValueError
from revet.plan.inventory import Inventory
from revet.plan.observed import EVERY, Observed, account_inventory
from revet.plan.unread_marks import denied

KEY = "arn:aws:kms:us-west-2:123456789012:key/1"
SETTING = "aws_s3_bucket_server_side_encryption_configuration"


def _inventory(*observed: Observed) -> Inventory:
    coverage = {item.type: frozenset({item.region}) for item in observed}
    return account_inventory(observed, account="123456789012", coverage=coverage)


def test_everything_but_what_is_known_of_a_resource_is_denied() -> None:
    mark = denied("s3:getbucketpolicy")
    inventory = _inventory(
        Observed("aws_s3_bucket_policy", "b", {"id": "b", "bucket": "b"}, rest=mark)
    )
    (item,) = inventory.of_type("aws_s3_bucket_policy")
    assert item.get("bucket") == "b"
    with pytest.raises(UnknownValueError, match="`s3:getbucketpolicy` was denied"):
        item.is_set("policy")
    with pytest.raises(UnknownValueError, match="`s3:getbucketpolicy` was denied") as error:
        item.policy("policy")
    assert error.value.resolve == mark.resolve


@pytest.mark.parametrize("known", [{}, {"id": "1"}])
def test_a_name_may_be_that_of_what_could_not_be_read(known: dict[str, str]) -> None:
    mark = denied("kms:describekey")
    name = known.get("id", EVERY)
    block = {"sse_algorithm": "aws:kms", "kms_master_key_id": KEY}
    rule = {"apply_server_side_encryption_by_default": [block], "bucket_key_enabled": True}
    inventory = _inventory(
        Observed("aws_kms_key", name, known, "us-west-2", mark),
        Observed(SETTING, "b", {"id": "b", "bucket": "b", "rule": [rule]}),
    )
    (item,) = inventory.of_type(SETTING)
    path = "rule.0.apply_server_side_encryption_by_default.0.kms_master_key_id"
    with pytest.raises(UnknownValueError, match=f"was denied, and `{KEY}` may be it") as error:
        inventory.target(item, path)
    assert error.value.resolve == mark.resolve


def test_nothing_is_missing_where_it_is_not_known_where_to_look() -> None:
    mark = denied("s3:getbucketlocation")
    bucket = Observed("aws_s3_bucket", "b", {"id": "b", "bucket": "b"}, unknown={"region": mark})
    log = Observed("aws_flow_log", "fl-1", {"id": "fl-1"}, "us-west-2", mark)
    inventory = _inventory(bucket, log)
    (item,) = inventory.of_type("aws_s3_bucket")
    with pytest.raises(UnknownValueError, match="`s3:getbucketlocation` was denied"):
        inventory.attached(item, "aws_flow_log", via="log_destination")
