"""An alarm that tells a topic."""

from __future__ import annotations

from cdktn_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from revet.constructs.arguments import check_choice, check_range, check_text, refuse
from revet.constructs.cloudwatch.metric import Metric
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record
from revet.constructs.sns.topic import Topic

# Source: CloudWatch API reference, `PutMetricAlarm`: `Period`, `Statistic`, `ComparisonOperator`,
# and its limit of one day for the periods together.
PERIODS = (10, 30, *range(60, 86_400 + 1, 60))
STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")
COMPARISONS = (
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanThreshold",
)
_DAY = 86_400


class Alarm(Construct):
    """An alarm on one metric, which tells a topic.

    Makes `aws_cloudwatch_metric_alarm`.

    Defaults, each with the control that asks for it:
        - once is enough: the first period of a minute in which the metric's sum reaches 1;
        - missing data does not set it off, since most metrics have none when nothing happens;
        - it notifies the topic, whose policy admits it before the alarm is made;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        metric: what is watched; a `logs.MetricFilter` has one as `.metric`.
        topic: is notified; its policy must admit alarms (`sns.cloudwatch_alarms()`), as must the
            policy of its key (`kms.cloudwatch_alarms()`).
        description: what to do about it.
        threshold: a whole number.
        comparison: of the statistic with the threshold, as CloudWatch names it.
        statistic: of each period.
        period: 10, 30, or a multiple of 60 seconds.
        evaluation_periods: so many periods in a row.

    Raises:
        ArgumentError: an argument that CloudWatch does not take.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        metric: Metric,
        topic: Topic,
        description: str,
        threshold: int = 1,
        comparison: str = "GreaterThanOrEqualToThreshold",
        statistic: str = "Sum",
        period: int = 60,
        evaluation_periods: int = 1,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=255)
        if not isinstance(metric, Metric):
            refuse(
                "metric",
                metric,
                "a `cloudwatch.Metric`",
                "write `cloudwatch.Metric(…)`, or give `.metric` of a `logs.MetricFilter`",
            )
        metric.check()
        check_construct("topic", topic, Topic, context)
        check_text("description", description, 1, 1024, "say what to do about it")
        check_range("threshold", threshold, -(2**53), 2**53, "or more")
        check_choice("comparison", comparison, COMPARISONS)
        check_choice("statistic", statistic, STATISTICS)
        if isinstance(period, bool) or period not in PERIODS:
            refuse("period", period, "10, 30, or a multiple of 60 seconds", "take one of these")
        check_range("evaluation_periods", evaluation_periods, 1, _DAY // period, "periods of a day")
        super().__init__(scope, construct_id)
        self.name = name
        self.resource = CloudwatchMetricAlarm(
            self,
            "alarm",
            alarm_name=name,
            alarm_description=description,
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=dict(metric.dimensions) or None,
            comparison_operator=comparison,
            threshold=threshold,
            statistic=statistic,
            period=period,
            evaluation_periods=evaluation_periods,
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            tags=context.tags_for(name),
            depends_on=[topic.policy],
        )
        self.arn: str = self.resource.arn
        context.records.append(make_record(self, "cloudwatch.Alarm", (self.resource,)))
