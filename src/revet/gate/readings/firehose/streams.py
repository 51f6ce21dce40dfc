"""Delivery streams: what encrypts them, and the bucket that they deliver into.

Sources: Firehose API Reference, `CreateDeliveryStream`,
`DeliveryStreamEncryptionConfigurationInput`; Firehose Developer Guide, "Data protection" (a stream
that reads from Kinesis or Kafka keeps nothing itself), "Custom prefixes for Amazon S3 objects".
"""

from __future__ import annotations

from revet.gate.readings.kms.keys import key_fault
from revet.gate.readings.needed import planned
from revet.gate.readings.values import one_of
from revet.plan import Inventory, Resource
from revet.plan.element_paths import blocks

STREAM = "aws_kinesis_firehose_delivery_stream"
_KINESIS = "kinesis_source_configuration"
_KAFKA = "msk_source_configuration"
_SSE = "server_side_encryption"
_S3 = "extended_s3_configuration"
_CUSTOMER, _OWNED = "CUSTOMER_MANAGED_CMK", "AWS_OWNED_CMK"
_ENCODED = "!{"


def stream_fault(stream: Resource, inventory: Inventory) -> str:
    """Say why what is under way in a delivery stream is not encrypted with a customer's key.

    Args:
        stream: an `aws_kinesis_firehose_delivery_stream`.
        inventory: it belongs to.

    Returns:
        What is wrong; empty when nothing is.

    Raises:
        UnknownValueError: it is not known.
    """
    if blocks(stream, _KINESIS):
        source = planned(
            stream, f"{_KINESIS}.0.kinesis_stream_arn", inventory, "aws_kinesis_stream"
        )
        if source.get("encryption_type") != "KMS":
            return f"it reads from `{source.address}`, which is not encrypted"
        fault = key_fault(source, inventory, "kms_key_id")
        return f"it reads from `{source.address}`, encrypted with {fault}" if fault else ""
    if blocks(stream, _KAFKA):
        why = "it reads from a cluster of Kafka, which is not looked at here"
        raise stream.doubt(_KAFKA, why, "see how the cluster encrypts what it holds")
    found = blocks(stream, _SSE)
    if not found or not stream.get(f"{found[0]}.enabled"):
        return "what is under way in it is not encrypted"
    why = "Firehose has no keys of type `{}`"
    types = (_OWNED, _CUSTOMER)
    if one_of(stream, f"{found[0]}.key_type", types, why, default=_OWNED) == _OWNED:
        return "it is encrypted with a key that AWS owns"
    fault = key_fault(stream, inventory, f"{found[0]}.key_arn")
    return f"it is encrypted with {fault}" if fault else ""


def bucket_of(stream: Resource, inventory: Inventory) -> tuple[Resource, str]:
    """The bucket that a stream delivers into, and how the keys there begin.

    Args:
        stream: an `aws_kinesis_firehose_delivery_stream`.
        inventory: it belongs to.

    Returns:
        the bucket, and the part of the prefix that is not made up of the time.

    Raises:
        UnknownValueError: it is not known, not in the inventory, or no bucket at all.
    """
    if not blocks(stream, _S3):
        why = "it delivers elsewhere than into a bucket, and how long that is kept is not looked at"
        raise stream.doubt(_S3, why, "deliver into a bucket")
    bucket = planned(stream, f"{_S3}.0.bucket_arn", inventory, "aws_s3_bucket")
    prefix = stream.get(f"{_S3}.0.prefix")
    return bucket, ("" if prefix is None else str(prefix).partition(_ENCODED)[0])
