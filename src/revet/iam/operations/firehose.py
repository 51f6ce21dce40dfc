"""Amazon Data Firehose.

Source: Service Authorization Reference, "Amazon Kinesis Firehose". An encrypted stream uses its key
by a grant, so that who puts records needs nothing of the key (Amazon Data Firehose Developer Guide,
"Data protection in Amazon Data Firehose").
"""

from __future__ import annotations

from collections.abc import Mapping

from revet.iam.operations.needs import Asked, Needs, Row, one, without_resource


def _stream(asked: Asked) -> Needs:
    name = asked.text("DeliveryStreamName")
    arn = asked.place.arn("firehose", f"deliverystream/{name}")
    return one(f"firehose:{asked.operation}", arn)


ROWS: Mapping[str, Row] = {
    **dict.fromkeys(("PutRecord", "PutRecordBatch", "DescribeDeliveryStream"), _stream),
    "ListDeliveryStreams": without_resource("firehose"),
}
