"""Trails of every region and of one, with selectors of both kinds and without."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Boto = Any  # boto3 knows services only as literals

ACCOUNT = "123456789012"


def make(session: Boto) -> None:
    region, trails = session.region_name, session.client("cloudtrail")
    arn = f"arn:aws:cloudtrail:{region}:{ACCOUNT}:trail/good-trail"
    s3 = session.client("s3")
    s3.create_bucket(
        Bucket="trail-bucket", CreateBucketConfiguration={"LocationConstraint": region}
    )
    s3.put_bucket_policy(Bucket="trail-bucket", Policy=delivery("trail-bucket", arn))
    trails.create_trail(
        Name="good-trail",
        S3BucketName="trail-bucket",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=session.client("kms").create_key(Policy=encrypting(arn))["KeyMetadata"]["Arn"],
        TagsList=[{"Key": "Owner", "Value": "security"}],
    )
    trails.put_event_selectors(
        TrailName="good-trail",
        EventSelectors=[
            {
                "ReadWriteType": "All",
                "IncludeManagementEvents": True,
                "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
            }
        ],
    )
    trails.start_logging(Name="good-trail")
    s3.create_bucket(
        Bucket="other-trail-bucket", CreateBucketConfiguration={"LocationConstraint": region}
    )
    trails.create_trail(Name="regional-trail", S3BucketName="other-trail-bucket")
    for name, field in (("advanced-trail", "eventCategory"), ("narrow-trail", "eventName")):
        trails.create_trail(Name=name, S3BucketName="other-trail-bucket", IsMultiRegionTrail=True)
        fields = [{"Field": field, "Equals": ["Management"]}]
        trails.put_event_selectors(
            TrailName=name, AdvancedEventSelectors=[{"Name": name, "FieldSelectors": fields}]
        )
        trails.start_logging(Name=name)
    trails.put_insight_selectors(
        TrailName="advanced-trail",
        InsightSelectors=[
            {"InsightType": "ApiCallRateInsight"},
            {"InsightType": "ApiErrorRateInsight"},
        ],
    )
    trails.create_trail(
        Name="silent-trail", S3BucketName="other-trail-bucket", IsMultiRegionTrail=True
    )


def delivery(bucket: str, trail: str) -> str:
    """What a bucket's policy has to allow for a trail without Insights."""
    by = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceArn": trail}},
    }
    acl = by | {"Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{bucket}"}
    put = by | {
        "Action": "s3:PutObject",
        "Resource": [
            f"arn:aws:s3:::{bucket}/AWSLogs/{ACCOUNT}/{written}/*"
            for written in ("CloudTrail", "CloudTrail-Digest")
        ],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [acl, put]})


def _described(send: Callable[[], dict[str, Any]], _asked: Mapping[str, Any]) -> dict[str, Any]:
    """Moto says of no trail that it has selectors of its own."""
    answer = send()
    for trail in answer["trailList"]:
        named = trail["Name"] in ("good-trail", "advanced-trail", "narrow-trail")
        trail["HasCustomEventSelectors"] = named
    return answer


CORRECTED = {("cloudtrail", "describe_trails"): _described}


def encrypting(trail: str) -> str:
    """What a key's policy has to allow for a trail."""
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": ["kms:GenerateDataKey*", "kms:DescribeKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceArn": trail}},
        },
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
