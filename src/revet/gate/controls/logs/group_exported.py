"""A log group whose events end with it."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.logs.exports import (
    ACCOUNT_POLICY,
    FILTER,
    exports_all,
    filters_of,
    kept_fault,
)
from revet.model.finding import Outcome, Severity, compliant, noncompliant, unknown
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts


@control(
    title="the events of log groups go on into a bucket that keeps them",
    severity=Severity.MEDIUM,
    resource="aws_cloudwatch_log_group",
    required=(
        "an `aws_cloudwatch_log_subscription_filter` for all events of the group names a delivery "
        "stream into a bucket that keeps them for at least `days`"
    ),
    impact="events are gone when the group's retention ends, or with the group",
    fix="""resource "aws_cloudwatch_log_subscription_filter" "archive" {
  name            = "archive"
  log_group_name  = aws_cloudwatch_log_group.app.name
  filter_pattern  = ""
  destination_arn = aws_kinesis_firehose_delivery_stream.archive.arn
  role_arn        = aws_iam_role.logs.arn
}""",
    construct="""app = logs.LogGroup(scope, "app", key=key)
archive = firehose.DeliveryStream(
    scope,
    "archive",
    bucket=s3.Bucket(scope, "kept", key=key, expiration_days=400),
    key=key,
    log_group=app,
)
firehose.SubscriptionFilter(scope, "archive-app", log_group=app, stream=archive)""",
    deviations=("short-log-archive",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, days: int = 365) -> Outcome:
    """A bucket without an end keeps everything."""
    doubts = Doubts()
    why, related = "", tuple[str, ...]()
    for item in filters_of(resource, inventory, doubts):
        with doubts:
            if not exports_all(item):
                why = why or f"`{item.address}` takes some events only"
                continue
            fault, seen = kept_fault(item, inventory, days)
            if not fault:
                return compliant(f"`{item.address}` exports all events", related=seen)
            why, related = fault, seen
    if not why and inventory.of_type(ACCOUNT_POLICY):
        return unknown(
            f"no filter exports it; whether an `{ACCOUNT_POLICY}` does is not looked at",
            resolve="give the group a subscription filter of its own",
        )
    why = why or f"no `{FILTER}` names this group"
    return doubts.settled(noncompliant(why, related=related))
