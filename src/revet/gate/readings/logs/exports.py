"""Where the events of a log group go on to.

Source: CloudWatch Logs API Reference, `PutSubscriptionFilter` (an empty pattern matches all events)
and `PutAccountPolicy`.
"""

from __future__ import annotations

from revet.gate.readings.firehose.streams import STREAM, bucket_of
from revet.gate.readings.needed import planned
from revet.gate.readings.s3.lifecycle import ends_before
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts

FILTER = "aws_cloudwatch_log_subscription_filter"
ACCOUNT_POLICY = "aws_cloudwatch_log_account_policy"
_PATTERN = "filter_pattern"


def filters_of(group: Resource, inventory: Inventory, doubts: Doubts) -> tuple[Resource, ...]:
    """The subscription filters of a log group.

    Args:
        group: an `aws_cloudwatch_log_group`.
        inventory: it belongs to.
        doubts: why it may have others is added.
    """
    with doubts:
        return inventory.attached(group, FILTER, via="log_group_name", every=True)
    with doubts:
        return inventory.attached(group, FILTER, via="log_group_name")
    return ()


def exports_all(item: Resource) -> bool:
    """Whether a subscription filter takes all events.

    Raises:
        UnknownValueError: its pattern is not known.
    """
    return not item.get(_PATTERN)


def kept_fault(item: Resource, inventory: Inventory, days: int) -> tuple[str, tuple[str, ...]]:
    """Say why what a subscription filter exports is not kept for some days.

    Args:
        item: the filter.
        inventory: it belongs to.
        days: that it must be kept for at least.

    Returns:
        what is wrong, empty when nothing is; and the addresses of what was looked at.

    Raises:
        UnknownValueError: it is not known, or goes elsewhere than into a bucket of the inventory.
    """
    stream = planned(item, "destination_arn", inventory, STREAM)
    bucket, prefix = bucket_of(stream, inventory)
    related = (item.address, stream.address, bucket.address)
    soonest = ends_before(bucket, inventory, prefix, days)
    if soonest is None:
        return "", related
    return f"`{bucket.address}` keeps them for {soonest} days, not {days}", related
