"""A log group whose critical events go unnoticed."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.logs.exports import FILTER, exports_all, filters_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts


@control(
    title="critical events of log groups are passed on as they come",
    severity=Severity.MEDIUM,
    resource="aws_cloudwatch_log_group",
    required=(
        "an `aws_cloudwatch_log_subscription_filter` of the group has a pattern, so that some "
        "events go on by themselves and not in the stream of all of them"
    ),
    impact="what must be seen at once is found in an archive, if anybody looks there",
    fix="""resource "aws_cloudwatch_log_subscription_filter" "critical" {
  name            = "critical"
  log_group_name  = aws_cloudwatch_log_group.app.name
  filter_pattern  = "?ERROR ?CRITICAL"
  destination_arn = aws_kinesis_firehose_delivery_stream.critical.arn
  role_arn        = aws_iam_role.logs.arn
}""",
    construct="""app = logs.LogGroup(scope, "app", key=key)
critical = firehose.DeliveryStream(
    scope, "critical", bucket=s3.Bucket(scope, "kept", key=key), key=key, log_group=app
)
firehose.SubscriptionFilter(
    scope, "critical-app", log_group=app, stream=critical, pattern="?ERROR ?CRITICAL"
)""",
    deviations=("unseen-events",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Which events are critical is for those to say who write them; that some are is asked here."""
    doubts = Doubts()
    for item in filters_of(resource, inventory, doubts):
        with doubts:
            if not exports_all(item):
                return compliant(
                    f"`{item.address}` passes events on by a pattern", related=(item.address,)
                )
    return doubts.settled(noncompliant(f"no `{FILTER}` of this group has a pattern"))
