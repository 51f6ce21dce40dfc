"""What is a block and what an argument, as the provider's schema has it."""

from __future__ import annotations

from typing import Any

import pytest
from scripts.update_nested_blocks import row

from revet.plan.provider_facts import taggable_types
from revet.synth.hcl.schema import schema_of

KNOWN = {
    ("resource", "aws_s3_bucket_lifecycle_configuration", "rule"): True,
    ("resource", "aws_s3_bucket_lifecycle_configuration", "rule.filter.and"): True,
    ("resource", "aws_s3_bucket_lifecycle_configuration", "rule.filter.tag"): True,
    ("resource", "aws_s3_bucket", "tags"): False,
    ("resource", "aws_security_group", "ingress"): False,
    ("resource", "aws_default_security_group", "egress"): False,
    ("resource", "aws_vpc_endpoint", "timeouts"): True,
    ("resource", "aws_dynamodb_table", "point_in_time_recovery"): True,
    ("resource", "aws_dynamodb_table", "replica.point_in_time_recovery"): False,
    ("data", "aws_iam_policy_document", "statement.principals"): True,
    ("data", "aws_iam_policy_document", "statement.actions"): False,
    ("data", "terraform_remote_state", "config"): False,
    ("provider", "aws", "default_tags"): True,
    ("resource", "terraform_data", "input"): False,
}


@pytest.mark.parametrize("place", KNOWN, ids=".".join)
def test_a_name_is_a_block_or_an_argument(place: tuple[str, str, str]) -> None:
    kind, type_name, path = place
    schema = schema_of(kind, type_name)
    assert schema is not None
    assert schema.is_block(path) is KNOWN[place]


def test_what_is_not_known_is_not_guessed() -> None:
    assert schema_of("resource", "datadog_monitor") is None
    assert schema_of("provider", "datadog") is None
    assert schema_of("resource", "aws_of_tomorrow") is None


def test_nearly_every_type_is_known() -> None:
    missing = {name for name in taggable_types() if schema_of("resource", name) is None}
    assert missing <= {
        "aws_quicksight_analysis",
        "aws_quicksight_dashboard",
        "aws_quicksight_template",
    }


def test_a_line_of_the_table_tells_blocks_from_arguments_of_the_same_name() -> None:
    inner: dict[str, Any] = {"attributes": {"a": {}}, "block_types": {}}
    block = {
        "attributes": {"id": {}, "b": {}},
        "block_types": {
            "a": {"nesting_mode": "list", "block": inner},
            "c": {
                "nesting_mode": "single",
                "block": {"block_types": {"b": {"nesting_mode": "set", "block": {}}}},
            },
        },
    }
    assert row(block) == ["a", "b", "c", "!a.a", "!b"]
