"""A table, encrypted and recoverable."""

from __future__ import annotations

from cdktn_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
)
from constructs import Construct

from revet.constructs.arguments import check_text
from revet.constructs.blocks import blocks
from revet.constructs.kms.key import Key
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record


class Table(Construct):
    """A table that is paid for by the request, encrypted with a customer-managed key.

    Makes `aws_dynamodb_table`.

    Defaults:
        - encrypted with `key`;
        - point-in-time recovery, 35 days;
        - on demand: no capacity to plan;
        - deletion protection when `PROTECTED`;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        key: encrypts the items.
        hash_key: name of the partition key, a text.

    Raises:
        ArgumentError: a key of another stack, or names that DynamoDB does not take.
    """

    def __init__(self, scope: Construct, construct_id: str, *, key: Key, hash_key: str) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=255)
        check_construct("key", key, Key, context)
        check_text("hash_key", hash_key, 1, 255, "name the partition key")
        super().__init__(scope, construct_id)
        self.name = name
        self.resource = DynamodbTable(
            self,
            "table",
            name=name,
            billing_mode="PAY_PER_REQUEST",
            hash_key=hash_key,
            attribute=blocks(DynamodbTableAttribute(name=hash_key, type="S")),
            server_side_encryption=DynamodbTableServerSideEncryption(
                enabled=True, kms_key_arn=key.arn
            ),
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
            deletion_protection_enabled=context.is_protected,
            lifecycle=context.resource_lifecycle,
            tags=context.tags_for(name),
        )
        self.arn: str = self.resource.arn
        context.records.append(make_record(self, "dynamodb.Table", (self.resource,)))
