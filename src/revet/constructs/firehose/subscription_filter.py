"""What of a log group goes on to a delivery stream."""

from __future__ import annotations

from cdktn_provider_aws.cloudwatch_log_subscription_filter import CloudwatchLogSubscriptionFilter
from constructs import Construct

from revet.constructs.arguments import check_text, refuse
from revet.constructs.firehose.delivery_stream import DeliveryStream
from revet.constructs.logs.group import SUBSCRIPTIONS, LogGroup
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record


class SubscriptionFilter(Construct):
    """Sends the events of a log group to a delivery stream as they come.

    Makes `aws_cloudwatch_log_subscription_filter`.

    Defaults, each with the control that asks for it:
        - all events (`logs-group-exported`), or with `pattern` some of them
          (`logs-group-critical-events`);
        - CloudWatch Logs acts by the stream's own role, which can put records into that stream and
          nothing else.

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        log_group: whose events; CloudWatch Logs takes two filters for each group.
        stream: receives them.
        pattern: only the events that match; empty for all of them.

    Raises:
        ArgumentError: a third filter of a group, or a pattern that is too long.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        log_group: LogGroup,
        stream: DeliveryStream,
        pattern: str = "",
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=512)
        check_construct("log_group", log_group, LogGroup, context)
        check_construct("stream", stream, DeliveryStream, context)
        check_text("pattern", pattern, 0, 1024, "write a filter pattern, or leave it out")
        if len(log_group.subscriptions) >= SUBSCRIPTIONS:
            refuse(
                "log_group",
                log_group.node.path,
                f"a group with less than {SUBSCRIPTIONS} filters, since AWS takes no more",
                "join patterns (`?ERROR ?CRITICAL`)",
            )
        super().__init__(scope, construct_id)
        self.name = name
        self.resource = CloudwatchLogSubscriptionFilter(
            self,
            "filter",
            name=name,
            log_group_name=log_group.resource.name,
            filter_pattern=pattern,
            destination_arn=stream.arn,
            role_arn=stream.logs_role.arn,
            depends_on=list(stream.logs_grant.policies),  # CloudWatch Logs puts a test record
        )
        log_group.subscriptions.append(self)
        context.records.append(make_record(self, "firehose.SubscriptionFilter", (self.resource,)))
