"""Firehose: delivery streams, which flow logs may be sent to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.listing import arn_in
from revet.verify.parts import tagged
from revet.verify.readers import TypeReader


def _streams(api: Api, region: str) -> Iterator[tuple[str, str]]:
    """ARN and name of each, of all pages; botocore does not page this operation."""
    ask = api.about("firehose", region)
    said = ask("list_delivery_streams")
    names = list(said["DeliveryStreamNames"])
    while said["HasMoreDeliveryStreams"]:
        said = ask("list_delivery_streams", ExclusiveStartDeliveryStreamName=names[-1])
        names += said["DeliveryStreamNames"]
    for name in names:
        yield arn_in(api, region, "firehose", f"deliverystream/{name}"), name


def _stream(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the ARN. Source: Firehose API Reference, `ListDeliveryStreams`."""
    arn, name = item
    parts = Parts()
    tags = parts.answer(lambda: {"Tags": _tags(api, region, name)}, "tags", "tags_all")
    if parts.gone:
        return
    values = {"id": arn, "arn": arn, "name": name, **tagged(tags.get("Tags"))}
    kind = "aws_kinesis_firehose_delivery_stream"
    yield Observed(kind, arn, values, region, unknown=parts.unknown)


def _tags(api: Api, region: str, name: str) -> list[dict[str, str]]:
    """The tags on all pages; botocore does not page this operation."""
    ask = api.about("firehose", region, DeliveryStreamName=name)
    said = ask("list_tags_for_delivery_stream")
    found = list(said["Tags"])
    while said["HasMoreTags"]:
        said = ask("list_tags_for_delivery_stream", ExclusiveStartTagKey=found[-1]["Key"])
        found += said["Tags"]
    return found


DELIVERY_STREAMS = TypeReader(
    type="aws_kinesis_firehose_delivery_stream",
    service="firehose",
    actions=("firehose:ListDeliveryStreams", "firehose:ListTagsForDeliveryStream"),
    items=_streams,
    identity=lambda item: str(item[0]),
    read=_stream,
    each=True,
)
