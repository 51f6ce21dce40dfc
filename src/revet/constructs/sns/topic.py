"""An encrypted topic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cdktn_provider_aws.sns_topic import SnsTopic
from cdktn_provider_aws.sns_topic_policy import SnsTopicPolicy
from constructs import Construct

from revet.constructs.arguments import check_items
from revet.constructs.context import Context
from revet.constructs.grant import Grant, Grantee
from revet.constructs.kms.key import Key
from revet.constructs.placement import check_construct, place
from revet.constructs.policy import PolicyStatement, document, statement
from revet.constructs.record import make_record


@dataclass(frozen=True, slots=True)
class TopicAccess:
    """What one service may do with a topic.

    Args:
        service: its name, for messages.
        statements: makes the statements from the place and the topic's ARN.
    """

    service: str
    statements: Callable[[Context, str], tuple[PolicyStatement, ...]]


def cloudwatch_alarms() -> TopicAccess:
    """Alarms of this account and region, and of no other (confused deputy).

    Source: SNS developer guide, "Example cases for Amazon SNS access control", the case of
    CloudWatch alarms.
    """

    def make(context: Context, topic_arn: str) -> tuple[PolicyStatement, ...]:
        return (
            statement(
                "AlarmsPublish",
                actions="sns:Publish",
                resources=topic_arn,
                principals={"Service": "cloudwatch.amazonaws.com"},
                conditions={
                    "StringEquals": {"aws:SourceAccount": context.account_id},
                    "ArnLike": {"aws:SourceArn": context.arn("cloudwatch", "alarm:*")},
                },
            ),
        )

    return TopicAccess("CloudWatch alarms", make)


class Topic(Construct):
    """A topic encrypted with a customer-managed key, which takes messages over TLS alone.

    Makes `aws_sns_topic` and `aws_sns_topic_policy`.

    Defaults, each with the control that asks for it:
        - encrypted with `key`; the services that publish need the key, too
          (`kms.cloudwatch_alarms()`);
        - requests without TLS are denied;
        - nobody else's principals: only the services named in `service_access`, each limited to
          this account, and whom IAM allows it in this account (`iam-public-access`);
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        key: encrypts the messages.
        service_access: services that may publish on their own behalf.

    Raises:
        ArgumentError: an argument of another kind, or of another stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: Key,
        service_access: Sequence[TopicAccess] = (),
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=256)
        check_construct("key", key, Key, context)
        check_items(
            "service_access", service_access, TopicAccess, "`sns.cloudwatch_alarms()` is one"
        )
        super().__init__(scope, construct_id)
        self.name = name
        self.key = key
        self.resource = SnsTopic(
            self,
            "topic",
            name=name,
            kms_master_key_id=key.arn,
            tags=context.tags_for(name),
        )
        self.arn: str = self.resource.arn
        # Source: SNS developer guide, "Security best practices", encryption of data in transit.
        tls_only = statement(
            "TlsOnly",
            effect="Deny",
            actions="sns:Publish",
            resources=self.arn,
            principals="*",
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        )
        self.policy = SnsTopicPolicy(
            self,
            "policy",
            arn=self.arn,
            policy=document(
                [
                    *(m for access in service_access for m in access.statements(context, self.arn)),
                    tls_only,
                ]
            ),
        )
        context.records.append(make_record(self, "sns.Topic", (self.resource, self.policy)))

    def grant_publish(self, grantee: Grantee) -> Grant:
        """Let a role publish, and encrypt what it publishes.

        Args:
            grantee: the role.
        """
        published = grantee.allow(
            f"{self.node.id}-publish",
            statement("Publish", actions="sns:Publish", resources=self.arn),
        )
        return published + self.key.grant_generate_data_key(grantee)
