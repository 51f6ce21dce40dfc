"""An encrypted queue."""

from __future__ import annotations

from cdktn_provider_aws.sqs_queue import SqsQueue
from cdktn_provider_aws.sqs_queue_policy import SqsQueuePolicy
from constructs import Construct

from revet.constructs.arguments import check_range
from revet.constructs.context import Context
from revet.constructs.grant import Grant, Grantee
from revet.constructs.kms.key import Key
from revet.constructs.placement import check_construct, place
from revet.constructs.policy import PolicyStatement, document, statement
from revet.constructs.record import make_record

_DAY = 24 * 3600


class Queue(Construct):
    """A queue encrypted with a customer-managed key, which is reached over TLS alone.

    Makes `aws_sqs_queue` and `aws_sqs_queue_policy`.

    Defaults, each with the control that asks for it:
        - encrypted with `key`, data keys reused for five minutes;
        - messages wait for 14 days, the longest that SQS keeps them: dead letters are looked at;
        - requests without TLS are denied, and nobody else's principals let in
          (`iam-public-access`);
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        key: encrypts the messages.
        retention_days: how long messages wait, 1 to 14 days.

    Raises:
        ArgumentError: an argument of another kind, or of another stack.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, key: Key, retention_days: int = 14
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=80)
        check_construct("key", key, Key, context)
        check_range("retention_days", retention_days, 1, 14, "days")
        super().__init__(scope, construct_id)
        self.name = name
        self.key = key
        self.resource = SqsQueue(
            self,
            "queue",
            name=name,
            kms_master_key_id=key.arn,
            kms_data_key_reuse_period_seconds=300,
            message_retention_seconds=retention_days * _DAY,
            tags=context.tags_for(name),
        )
        self.arn: str = self.resource.arn
        # Source: SQS developer guide, "Amazon SQS security best practices", encryption in transit.
        self.policy = SqsQueuePolicy(
            self,
            "policy",
            queue_url=self.resource.url,
            policy=document(
                [
                    statement(
                        "TlsOnly",
                        effect="Deny",
                        actions="sqs:*",
                        resources=self.arn,
                        principals="*",
                        conditions={"Bool": {"aws:SecureTransport": "false"}},
                    )
                ]
            ),
        )
        context.records.append(make_record(self, "sqs.Queue", (self.resource, self.policy)))

    def grant_send(self, grantee: Grantee) -> Grant:
        """Let a role send messages, and encrypt them through SQS alone.

        Source: SQS developer guide, "Key management", "Configure AWS KMS permissions": a producer
        needs `kms:GenerateDataKey` and `kms:Decrypt`.

        Args:
            grantee: the role.
        """
        return grantee.allow(
            f"{self.node.id}-send",
            statement("SendMessages", actions="sqs:SendMessage", resources=self.arn),
            self._use_of_key(),
        )

    def grant_key(self, grantee: Grantee) -> Grant:
        """Let a role encrypt messages through SQS, which may send them by another grant.

        That is the role of a function whose dead letters come here: a `lambda_.Function` lets its
        role send them itself.

        Args:
            grantee: the role.
        """
        return grantee.allow(f"{self.node.id}-key", self._use_of_key())

    def _use_of_key(self) -> PolicyStatement:
        context = Context.of(self)
        via = f"sqs.{context.region}.{context.partition.dns_suffix}"
        return statement(
            "KeyOfTheQueue",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=self.key.arn,
            conditions={"StringEquals": {"kms:ViaService": via}},
        )
