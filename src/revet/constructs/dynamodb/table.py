"""A table, encrypted and recoverable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktn_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTableGlobalSecondaryIndex,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
    DynamodbTableTtl,
)
from constructs import Construct

from revet.constructs.arguments import check_choice, check_flag, check_items, check_text, refuse
from revet.constructs.blocks import blocks
from revet.constructs.context import Context
from revet.constructs.grant import Grant, Grantee
from revet.constructs.kms.key import Key
from revet.constructs.kms.service_access import READING, USE
from revet.constructs.placement import check_construct, place
from revet.constructs.policy import statement
from revet.constructs.record import make_record

# What works on items. Source: Service Authorization Reference, DynamoDB, resource type `table`.
_WRITING = (
    *("BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"),
    *("ConditionCheckItem",),
)
_LOOKING_UP = ("BatchGetItem", "GetItem")
_SEARCHING = ("Query", "Scan")
"""Those that an index answers, too."""
OPERATIONS = (*_LOOKING_UP, *_SEARCHING, *_WRITING)


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index.

    Args:
        name: of the index.
        hash_key: name of the attribute that it finds items by, a text.
        range_key: name of the attribute that it sorts them by, a text; empty for none.
        keys_only: hold the keys alone, not the whole item.
    """

    name: str
    hash_key: str
    range_key: str = ""
    keys_only: bool = False

    def check(self) -> None:
        """Check the arguments.

        Raises:
            ArgumentError: a name that DynamoDB does not take.
        """
        check_text("indexes.name", self.name, 3, 255, "name the index")
        check_text("indexes.hash_key", self.hash_key, 1, 255, "name the attribute")
        check_text("indexes.range_key", self.range_key, 0, 255, "name the attribute")
        check_flag("indexes.keys_only", self.keys_only)


class Table(Construct):
    """A table that is paid for by the request, encrypted with a customer-managed key.

    Makes `aws_dynamodb_table`.

    Defaults, each with the control that asks for it:
        - encrypted with `key` (`dynamodb-table-encryption`);
        - point-in-time recovery, 35 days (`dynamodb-table-recovery`);
        - on demand: no capacity to plan (`dynamodb-table-on-demand`);
        - deletion protection when `PROTECTED`;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        key: encrypts the items.
        hash_key: name of the partition key, a text.
        range_key: name of the sort key, a text; empty for none.
        indexes: global secondary indexes, by `dynamodb.Index`.
        ttl_attribute: name of the attribute that says, in seconds since 1970, when an item may be
            deleted; empty for items that stay.

    Raises:
        ArgumentError: a key of another stack, names that DynamoDB does not take, or two indexes of
            one name.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: Key,
        hash_key: str,
        range_key: str = "",
        indexes: Sequence[Index] = (),
        ttl_attribute: str = "",
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=255)
        check_construct("key", key, Key, context)
        check_text("hash_key", hash_key, 1, 255, "name the partition key")
        check_text("range_key", range_key, 0, 255, "name the sort key")
        check_text("ttl_attribute", ttl_attribute, 0, 255, "name the attribute")
        check_items("indexes", indexes, Index, '`dynamodb.Index("by-user", hash_key="User")`')
        for index in indexes:
            index.check()
        if len({index.name for index in indexes}) < len(indexes):
            refuse("indexes", indexes, "indexes of different names", "rename one")
        super().__init__(scope, construct_id)
        self.name = name
        self.key = key
        self.indexes = tuple(indexes)
        parts = [hash_key, range_key]
        parts += [part for index in indexes for part in (index.hash_key, index.range_key)]
        attributes = [
            DynamodbTableAttribute(name=part, type="S") for part in dict.fromkeys(parts) if part
        ]
        self.resource = DynamodbTable(
            self,
            "table",
            name=name,
            billing_mode="PAY_PER_REQUEST",
            hash_key=hash_key,
            range_key=range_key or None,
            attribute=blocks(*attributes),
            global_secondary_index=blocks(*map(_index, indexes)) or None,
            ttl=(
                DynamodbTableTtl(attribute_name=ttl_attribute, enabled=True)
                if ttl_attribute
                else None
            ),
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

    def grant(self, grantee: Grantee, *, operations: Sequence[str]) -> Grant:
        """Let a role work on items by these operations and no others, and use the table's key.

        The key is used through DynamoDB alone, which asks for it as the caller. Source: DynamoDB
        developer guide, "How Amazon DynamoDB uses AWS KMS", "Authorizing use of your KMS key".

        Args:
            grantee: the role.
            operations: of the API, for example `GetItem` and `Query`; the latter also on indexes.

        Raises:
            ArgumentError: no operation, or one that does not work on items.
        """
        do = 'name what the role needs: `["GetItem", "Query"]`'
        check_items("operations", operations, str, do)
        if not operations:
            refuse("operations", operations, "at least one operation", do)
        for operation in operations:
            check_choice("operations", operation, OPERATIONS)
        context = Context.of(self)
        resources = [self.arn]
        if self.indexes and set(operations) & set(_SEARCHING):
            resources += [f"{self.arn}/index/{index.name}" for index in self.indexes]
        via = f"dynamodb.{context.region}.{context.partition.dns_suffix}"
        return grantee.allow(
            f"{self.node.id}-items",
            statement(
                "WorkOnItems",
                actions=[f"dynamodb:{operation}" for operation in operations],
                resources=resources,
            ),
            statement(
                "KeyOfTheTable",
                actions=USE if set(operations) & set(_WRITING) else READING,
                resources=self.key.arn,
                conditions={"StringEquals": {"kms:ViaService": via}},
            ),
        )


def _index(index: Index) -> DynamodbTableGlobalSecondaryIndex:
    return DynamodbTableGlobalSecondaryIndex(
        name=index.name,
        hash_key=index.hash_key,
        range_key=index.range_key or None,
        projection_type="KEYS_ONLY" if index.keys_only else "ALL",
    )
