"""Amazon Data Firehose."""

from revet.constructs.firehose.delivery_stream import DeliveryStream
from revet.constructs.firehose.subscription_filter import SubscriptionFilter

__all__ = ["DeliveryStream", "SubscriptionFilter"]
