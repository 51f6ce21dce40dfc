"""Amazon CloudWatch."""

from revet.constructs.cloudwatch.alarm import Alarm
from revet.constructs.cloudwatch.metric import Metric

__all__ = ["Alarm", "Metric"]
