from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from revet.constructs import dynamodb, iam, kms
from revet.constructs.context import Lifecycle

if TYPE_CHECKING:
    import cdktn  # at run time only after `revet.constructs`, which chooses Node
    from tests.constructs.conftest import MakeStack, Synthesize

INDEXES = (
    dynamodb.Index("by-user", hash_key="User", range_key="Until"),
    dynamodb.Index("by-address", hash_key="Address", keys_only=True),
)


@pytest.mark.parametrize("lifecycle", list(Lifecycle))
def test_a_table_is_encrypted_and_recoverable(
    make_stack: MakeStack, synthesized: Synthesize, lifecycle: Lifecycle
) -> None:
    stack = make_stack(lifecycle)
    key = kms.Key(stack, "key", description="x")
    dynamodb.Table(stack, "sessions", key=key, hash_key="Id")
    body = synthesized(stack).one("aws_dynamodb_table")
    assert body["billing_mode"] == "PAY_PER_REQUEST"
    assert body["point_in_time_recovery"] == {"enabled": True}
    assert body["server_side_encryption"]["enabled"] is True
    assert "aws_kms_key" in body["server_side_encryption"]["kms_key_arn"]
    assert body["deletion_protection_enabled"] is (lifecycle is Lifecycle.PROTECTED)
    assert not {"ttl", "global_secondary_index", "range_key"} & set(body)


def test_indexes_and_the_end_of_items(stack: cdktn.TerraformStack, synthesized: Synthesize) -> None:
    key = kms.Key(stack, "key", description="x")
    dynamodb.Table(
        stack,
        "sessions",
        key=key,
        hash_key="Id",
        range_key="User",
        indexes=INDEXES,
        ttl_attribute="ExpiresAt",
    )
    body = synthesized(stack).one("aws_dynamodb_table")
    assert body["ttl"] == {"attribute_name": "ExpiresAt", "enabled": True}
    assert [item["name"] for item in body["attribute"]] == ["Id", "User", "Until", "Address"]
    assert body["global_secondary_index"] == [
        {"name": "by-user", "hash_key": "User", "range_key": "Until", "projection_type": "ALL"},
        {"name": "by-address", "hash_key": "Address", "projection_type": "KEYS_ONLY"},
    ]


GRANTS = [
    (["GetItem"], False, ["kms:Decrypt", "kms:DescribeKey"]),
    (["GetItem", "Query"], True, ["kms:Decrypt", "kms:DescribeKey"]),
    (["PutItem"], False, None),
]


@pytest.mark.parametrize(("operations", "indexes", "of_key"), GRANTS)
def test_a_role_gets_the_operations_that_are_named(
    stack: cdktn.TerraformStack,
    synthesized: Synthesize,
    operations: list[str],
    indexes: bool,  # noqa: FBT001 - a case
    of_key: list[str] | None,
) -> None:
    key = kms.Key(stack, "key", description="x")
    table = dynamodb.Table(stack, "sessions", key=key, hash_key="Id", indexes=INDEXES)
    service = iam.ServicePrincipal("lambda.amazonaws.com", "arn:aws:lambda:*:*:function:x")
    role = iam.Role(stack, "app", description="x", assumed_by=service)
    table.grant(role, operations=operations)
    made = synthesized(stack)
    items, used = json.loads(made.one("aws_iam_role_policy")["policy"])["Statement"]
    actions = items["Action"] if isinstance(items["Action"], list) else [items["Action"]]
    assert actions == [f"dynamodb:{operation}" for operation in operations]
    resources = items["Resource"] if isinstance(items["Resource"], list) else [items["Resource"]]
    ends = [item.rpartition("}")[2] for item in resources]
    assert ends == (["", "/index/by-user", "/index/by-address"] if indexes else [""])
    assert used["Condition"] == {
        "StringEquals": {"kms:ViaService": "dynamodb.us-west-2.amazonaws.com"}
    }
    assert of_key is None or used["Action"] == of_key
