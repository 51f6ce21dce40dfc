"""Delivery channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from revet.model.finding import Status

Audit = Any  # of conftest.py, which the test folders cannot import
KIND = "aws_config_delivery_channel"


def test_a_delivery_channel(whole: Audit) -> None:
    assert whole.one(KIND, "default").values == {
        "id": "default",
        "name": "default",
        "s3_bucket_name": "config-bucket",
        "s3_key_prefix": "",
        "s3_kms_key_arn": "",
        "sns_topic_arn": "",
    }


def test_one_that_writes_into_the_bucket_of_a_trail(answering: Callable[..., Audit]) -> None:
    arn = "arn:aws:cloudtrail:us-west-2:123456789012:trail/good-trail"
    for bucket, used in (("trail-bucket", True), ("config-bucket", False)):
        channels = [{"name": "default", "s3BucketName": bucket}]
        answers = {("config", "describe_delivery_channels"): {"DeliveryChannels": channels}}
        audit = answering(answers)
        trail = audit.inventory.resources[audit.one("aws_s3_bucket", "trail-bucket").address]
        found = audit.inventory.attached(trail, KIND, via="s3_bucket_name", every=True)
        assert bool(found) is used
        says = audit.says("cloudtrail-trail-bucket", "aws_cloudtrail", arn)
        assert says is (Status.FAIL if used else Status.PASS)
