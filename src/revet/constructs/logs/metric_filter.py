"""How many events of a log group match a pattern, as a metric."""

from __future__ import annotations

from cdktn_provider_aws.cloudwatch_log_metric_filter import (
    CloudwatchLogMetricFilter,
    CloudwatchLogMetricFilterMetricTransformation,
)
from constructs import Construct

from revet.constructs.arguments import check_text
from revet.constructs.cloudwatch.metric import Metric
from revet.constructs.logs.group import LogGroup
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record


class MetricFilter(Construct):
    """Counts the events that match a pattern, for an alarm to watch.

    Makes `aws_cloudwatch_log_metric_filter`.

    Defaults, each with the control that asks for it:
        - each event counts one, and none counts zero;
        - the metric has the filter's name, in a namespace named like the stack.

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        log_group: whose events are counted.
        pattern: which of them, `?ERROR ?CRITICAL` for example.

    Raises:
        ArgumentError: an argument that CloudWatch Logs does not take.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, log_group: LogGroup, pattern: str
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=255)
        check_construct("log_group", log_group, LogGroup, context)
        check_text("pattern", pattern, 1, 1024, "say which events count")
        super().__init__(scope, construct_id)
        self.metric = Metric(f"{context.prefix}-{context.environment}", name)
        self.resource = CloudwatchLogMetricFilter(
            self,
            "filter",
            name=name,
            log_group_name=log_group.resource.name,
            pattern=pattern,
            metric_transformation=CloudwatchLogMetricFilterMetricTransformation(
                name=self.metric.name,
                namespace=self.metric.namespace,
                value="1",
                default_value="0",
                unit="Count",
            ),
        )
        context.records.append(make_record(self, "logs.MetricFilter", (self.resource,)))
