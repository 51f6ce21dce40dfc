"""Roles of a stack with a region guard are denied other regions, by IAM's own semantics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from revet.constructs import firehose, iam, kms, logs, s3
from revet.constructs.context import Context
from revet.constructs.region_guard import RegionGuard

if TYPE_CHECKING:
    from tests.constructs.conftest import Made, MakeStack, Synthesize


def guards(made: Made) -> dict[str, Any]:
    """Role to the statement of its guard."""
    return {
        body["role"]: json.loads(body["policy"])["Statement"]
        for body in made.all("aws_iam_role_policy")
        if body["name"] == "app-region-guard-test"
    }


def test_every_role_has_it(make_stack: MakeStack, synthesized: Synthesize) -> None:
    stack = make_stack(region_guard=RegionGuard(more_regions=["eu-west-1"]))
    key = kms.Key(stack, "key", description="x")
    bucket = s3.Bucket(stack, "bucket", key=key)
    group = logs.LogGroup(stack, "group", key=key)
    firehose.DeliveryStream(stack, "stream", bucket=bucket, key=key, log_group=group)
    people = iam.PeopleOfAccount()
    iam.Role(stack, "people", description="x", assumed_by=people, more_regions=["us-east-1"])
    made = synthesized(stack)
    found = guards(made)
    assert len(found) == len(made.all("aws_iam_role")) == 3
    regions = sorted(
        statement["Condition"]["StringNotEquals"]["aws:RequestedRegion"]
        for (statement,) in found.values()
    )
    assert regions == [["eu-west-1", "us-east-1", "us-west-2"], *[["eu-west-1", "us-west-2"]] * 2]
    for (statement,) in found.values():
        assert statement["Effect"] == "Deny"
        assert {"iam:*", "sts:*", "route53:*"} <= set(statement["NotAction"])
        assert "*" not in statement["NotAction"]


def test_none_without_a_guard(make_stack: MakeStack, synthesized: Synthesize) -> None:
    stack = make_stack()
    iam.Role(stack, "people", description="x", assumed_by=iam.PeopleOfAccount())
    assert guards(synthesized(stack)) == {}
    assert Context.of(stack).region_guard is None


@pytest.mark.parametrize("action", ["wafv2:*", "s3:GetBucketLocation", "kms:Describe*"])
def test_more_can_be_left_out(action: str) -> None:
    guard = RegionGuard(exempt_actions=[action])
    guard.check()
    left_out = guard.statement("us-west-2")["NotAction"]
    assert isinstance(left_out, list)
    assert action in left_out
