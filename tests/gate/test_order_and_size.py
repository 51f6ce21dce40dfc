"""The order of a plan's resources does not matter, and a large plan is judged quickly."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.gate.case_plan import plan_json

from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.finding import Finding, Status
from revet.plan import load_plan

TODAY = dt.date(2026, 11, 22)
SWITCHES = (
    "block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets",
)  # fmt: skip
POLICY = """{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*",
"Action": "s3:*", "Resource": ["${aws_s3_bucket.NAME.arn}", "${aws_s3_bucket.NAME.arn}/*"],
"Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}"""


def many(count: int) -> dict[str, Any]:
    """A plan of `count` buckets with all that belongs to them; every fifth lacks something."""
    resources: dict[str, dict[str, Any]] = {}

    def add(kind: str, name: str, arguments: dict[str, Any]) -> None:
        resources.setdefault(kind, {})[name] = arguments

    for number in range(count):
        name = f"b{number}"
        bucket = {"bucket": f"${{aws_s3_bucket.{name}.id}}"}
        key = f"${{aws_kms_key.{name}.arn}}"
        encryption = [{"sse_algorithm": "aws:kms", "kms_master_key_id": key}]
        rule = {
            "bucket_key_enabled": number % 5 != 0,
            "apply_server_side_encryption_by_default": encryption,
        }
        add("aws_s3_bucket", name, {"bucket_prefix": "b"})
        add("aws_kms_key", name, {"enable_key_rotation": True})
        add("aws_kms_alias", name, {"target_key_id": f"${{aws_kms_key.{name}.key_id}}"})
        add("aws_s3_bucket_versioning", name, bucket)
        add("aws_s3_bucket_lifecycle_configuration", name, bucket)
        add("aws_s3_bucket_policy", name, bucket | {"policy": POLICY.replace("NAME", name)})
        add("aws_s3_bucket_public_access_block", name, bucket | dict.fromkeys(SWITCHES, True))
        kind = "aws_s3_bucket_server_side_encryption_configuration"
        add(kind, name, bucket | {"rule": [rule]})
    return plan_json({"resource": resources}, "test")


def findings(plan: dict[str, Any]) -> tuple[Finding, ...]:
    return judge(load_plan(plan), load_catalog(), today=TODAY, stack="s").findings


@pytest.mark.parametrize("step", [-1, 3, 7])
def test_the_order_of_resources_does_not_matter(step: int) -> None:
    plan = many(10)
    before = findings(plan)
    changes = plan["resource_changes"]
    assert len(changes) % abs(step) or step == -1
    permuted = [changes[number * step % len(changes)] for number in range(len(changes))]
    assert findings({**plan, "resource_changes": permuted}) == before


def test_a_thousand_resources_are_all_judged() -> None:
    plan = load_plan(many(125))
    assert len(plan.resources) == 1000
    catalog = load_catalog()
    verdict = judge(plan, catalog, today=TODAY, stack="s")
    failed = [f for f in verdict.findings if f.control == "s3-bucket-key"]
    assert [f.status for f in failed].count(Status.FAIL) == 25
