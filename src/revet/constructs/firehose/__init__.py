"""Amazon Data Firehose."""

from revet.constructs.firehose.delivery_stream import DeliveryStream

__all__ = ["DeliveryStream"]
