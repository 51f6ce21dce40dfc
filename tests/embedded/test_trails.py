"""Trails by name, and their Insights."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]


def bucket(client: Client, name: str) -> None:
    """A bucket that CloudTrail may write to."""
    s3 = client("s3")
    s3.create_bucket(Bucket=name)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["s3:GetBucketAcl", "s3:PutObject"],
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket=name, Policy=policy)


def test_insights_are_replaced_and_turned_off(client: Client) -> None:
    bucket(client, "insights")
    trails = client("cloudtrail")
    trails.create_trail(Name="insights", S3BucketName="insights")

    def kinds() -> list[str]:
        found = trails.get_insight_selectors(TrailName="insights")["InsightSelectors"]
        return [one["InsightType"] for one in found]

    def put(*kinds: str) -> None:
        chosen = [{"InsightType": kind} for kind in kinds]
        trails.put_insight_selectors(TrailName="insights", InsightSelectors=chosen)

    def has_insights() -> bool:
        (found,) = trails.describe_trails(trailNameList=["insights"])["trailList"]
        return bool(found["HasInsightSelectors"])

    put("ApiCallRateInsight")
    put("ApiErrorRateInsight")
    assert (kinds(), has_insights()) == (["ApiErrorRateInsight"], True)
    put()
    assert not has_insights()
    with pytest.raises(ClientError, match="InsightNotEnabledException"):
        kinds()


def test_the_trails_that_are_asked_for_are_described(client: Client) -> None:
    bucket(client, "two-trails")
    trails = client("cloudtrail")
    arns = {
        name: trails.create_trail(Name=name, S3BucketName="two-trails")["TrailARN"]
        for name in ("first", "second")
    }

    def named(*names: str) -> list[str]:
        found = trails.describe_trails(trailNameList=names)["trailList"]
        return sorted(trail["Name"] for trail in found)

    assert named("first") == ["first"]
    assert named(arns["second"]) == ["second"]
    assert named("first", arns["second"]) == ["first", "second"]
    assert {"first", "second"} <= set(named())
