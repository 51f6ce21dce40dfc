"""Amazon CloudWatch Logs."""

from revet.constructs.logs.group import LogGroup
from revet.constructs.logs.metric_filter import MetricFilter

__all__ = ["LogGroup", "MetricFilter"]
