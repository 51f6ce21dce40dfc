"""Amazon CloudWatch Logs."""

from revet.constructs.logs.group import LogGroup
from revet.constructs.logs.metric_filter import MetricFilter
from revet.constructs.logs.subscription_filter import SubscriptionFilter

__all__ = ["LogGroup", "MetricFilter", "SubscriptionFilter"]
