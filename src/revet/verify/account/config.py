"""AWS Config: delivery channels, because they write into buckets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.readers import TypeReader


def _channels(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    return api.call("config", "describe_delivery_channels", region)["DeliveryChannels"]


def _channel(_api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the name. Source: AWS Config API Reference, `DeliveryChannel`."""
    name, parts = item["name"], Parts()
    values = {
        "id": name,
        "name": name,
        "s3_bucket_name": parts.need(item, "s3BucketName", "s3_bucket_name"),
        "s3_key_prefix": item.get("s3KeyPrefix", ""),
        "s3_kms_key_arn": item.get("s3KmsKeyArn", ""),
        "sns_topic_arn": item.get("snsTopicARN", ""),
    }
    yield Observed("aws_config_delivery_channel", name, values, region, unknown=parts.unknown)


CHANNELS = TypeReader(
    type="aws_config_delivery_channel",
    service="config",
    actions=("config:DescribeDeliveryChannels",),
    items=_channels,
    identity=lambda item: str(item["name"]),
    read=_channel,
)
