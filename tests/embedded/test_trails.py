"""Trails by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Client = Callable[..., Any]


def test_the_trails_that_are_asked_for_are_described(client: Client) -> None:
    s3, trails = client("s3"), client("cloudtrail")
    s3.create_bucket(Bucket="two-trails")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["s3:GetBucketAcl", "s3:PutObject"],
        "Resource": ["arn:aws:s3:::two-trails", "arn:aws:s3:::two-trails/*"],
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket="two-trails", Policy=policy)
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
