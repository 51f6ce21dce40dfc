"""The way of logs: from every log group into the archive, and what is critical to an alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from revet.constructs import sns
from revet.constructs.cloudwatch import Alarm
from revet.constructs.firehose import DeliveryStream, SubscriptionFilter
from revet.constructs.logs import LogGroup, MetricFilter

if TYPE_CHECKING:
    from revet.blueprints.trading_platform.stack import TradingPlatformStack

_CRITICAL = "?CRITICAL ?ERROR ?FATAL ?REJECT"


class Archive:
    """Two delivery streams into the archive bucket, two filters of each log group, an alarm.

    One filter sends all events, the other what is critical, which is kept apart to be found.

    Args:
        stack: that they belong to.
        retention_in_days: of the log of what could not be delivered.
    """

    ERRORS: ClassVar = "delivery-log"
    ROLES: ClassVar = ("logs-stream-delivery", "critical-stream-delivery")
    """Of the streams, which put objects into the archive."""

    def __init__(self, stack: TradingPlatformStack, *, retention_in_days: int) -> None:
        self.error_group = LogGroup(
            stack, self.ERRORS, key=stack.logs_key, retention_in_days=retention_in_days
        )
        self.all_events, self.critical_events = (
            DeliveryStream(
                stack,
                f"{word}-stream",
                bucket=stack.archive_bucket,
                key=stack.logs_key,
                log_group=self.error_group,
                prefix=word,
                error_prefix=f"{word}-failed",
            )
            for word in ("logs", "critical")
        )
        market = stack.market_data
        self.groups = {
            "flow": stack.flow_log_group,
            "database": stack.database.log_group,
            "firewall": market.firewall.log_group,
            "access": market.api.access_log_group,
            "execution": market.api.execution_log_group,
            "delivery": self.error_group,
            **{
                name.removesuffix("-fn"): function.log_group
                for name, function in market.functions.items()
            },
        }
        for name, group in self.groups.items():
            SubscriptionFilter(
                stack, f"{name}-archive-filter", log_group=group, stream=self.all_events
            )
            SubscriptionFilter(
                stack,
                f"{name}-critical-filter",
                log_group=group,
                stream=self.critical_events,
                pattern=_CRITICAL,
            )
        self.topic = sns.Topic(
            stack,
            "critical-topic",
            key=stack.logs_key,
            service_access=[sns.cloudwatch_alarms()],
        )
        self.alarm = Alarm(
            stack,
            "critical-alarm",
            metric=MetricFilter(
                stack,
                "critical-metric",
                log_group=market.functions["processor-fn"].log_group,
                pattern=_CRITICAL,
            ).metric,
            topic=self.topic,
            description="The processor failed: look at `critical/` in the archive",
        )
