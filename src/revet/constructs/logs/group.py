"""A log group, encrypted and with an end."""

from __future__ import annotations

import re

from cdktn_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct

from revet.constructs.arguments import check_choice, check_match
from revet.constructs.grant import Grant, Grantee
from revet.constructs.kms.key import Key
from revet.constructs.placement import check_construct, place
from revet.constructs.policy import statement
from revet.constructs.record import make_record

# Source: CloudWatch Logs API, PutRetentionPolicy, `retentionInDays`.
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545),
    *(731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
# Source: CloudWatch Logs user guide, "CloudWatch Logs quotas".
SUBSCRIPTIONS = 2

# Source: CloudWatch Logs API, CreateLogGroup, `logGroupName`; or a text with a reference.
_NAME = re.compile(r"[A-Za-z0-9_/.#-]{0,512}|.*\$\{.+", re.DOTALL)


class LogGroup(Construct):
    """A log group encrypted with a customer-managed key.

    Makes `aws_cloudwatch_log_group`.

    Defaults, each with the control that asks for it:
        - encrypted with `key` (`logs-group-encryption`); the key's policy must admit CloudWatch
          Logs for this group's name (`kms.cloudwatch_logs`);
        - retention of 90 days, that of security logs (`logs-group-retention`);
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        key: encrypts the events.
        retention_in_days: one of the values that CloudWatch Logs knows.
        name: the whole name where a service of AWS chooses it, as in `/aws/rds/cluster/…`; empty
            for the stack's own naming.

    Raises:
        ArgumentError: a retention that CloudWatch Logs does not know, or a name of another form.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: Key,
        retention_in_days: int = 90,
        name: str = "",
    ) -> None:
        context = place(scope, construct_id)
        check_match("name", name, _NAME, "a name as CloudWatch Logs takes it", "see CreateLogGroup")
        name = name or context.name(construct_id, limit=512)
        check_construct("key", key, Key, context)
        check_choice("retention_in_days", retention_in_days, RETENTION_DAYS)
        super().__init__(scope, construct_id)
        self.name = name
        self.resource = CloudwatchLogGroup(
            self,
            "group",
            name=name,
            kms_key_id=key.arn,
            retention_in_days=retention_in_days,
            lifecycle=context.resource_lifecycle,
            tags=context.tags_for(name),
        )
        self.arn: str = self.resource.arn
        self.subscriptions: list[Construct] = []
        context.records.append(make_record(self, "logs.LogGroup", (self.resource,)))

    def grant_write(self, grantee: Grantee) -> Grant:
        """Let a role write events into this group: its streams, and no group of its own making.

        Args:
            grantee: the role.
        """
        return grantee.allow(
            f"{self.node.id}-write",
            statement(
                "WriteLogEvents",
                actions=("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
                resources=(self.arn, f"{self.arn}:*"),
            ),
        )
