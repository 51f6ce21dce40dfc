"""Trails."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from revet.model.finding import Status

Audit = Any  # of conftest.py, which the test folders cannot import
Boto = Any  # boto3 knows services only as literals
KIND = "aws_cloudtrail"
PREFIX = "arn:aws:cloudtrail:us-west-2:123456789012:trail"
GOOD = f"{PREFIX}/good-trail"


def test_a_trail(whole: Audit) -> None:
    values = dict(whole.one(KIND, GOOD).values)
    assert values.pop("kms_key_id").startswith("arn:aws:kms:us-west-2:")
    assert values == {
        "id": GOOD,
        "arn": GOOD,
        "name": "good-trail",
        "home_region": "us-west-2",
        "s3_bucket_name": "trail-bucket",
        "s3_key_prefix": "",
        "sns_topic_name": "",
        "cloud_watch_logs_group_arn": "",
        "cloud_watch_logs_role_arn": "",
        "enable_logging": True,
        "enable_log_file_validation": True,
        "include_global_service_events": True,
        "is_multi_region_trail": True,
        "is_organization_trail": False,
        "event_selector": [
            {
                "read_write_type": "All",
                "include_management_events": True,
                "exclude_management_event_sources": [],
                "data_resource": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}],
            }
        ],
        "advanced_event_selector": [],
        "insight_selector": [],
        "tags_all": {"Owner": "security"},
    }


def test_what_insights_look_for(whole: Audit) -> None:
    watched = whole.one(KIND, f"{PREFIX}/advanced-trail")
    assert watched.values["insight_selector"] == [
        {"insight_type": "ApiCallRateInsight"},
        {"insight_type": "ApiErrorRateInsight"},
    ]


def test_insights_that_nobody_may_read_are_unknown(denied: Callable[[str], Audit]) -> None:
    found = denied("cloudtrail:GetInsightSelectors").one(KIND, GOOD)
    assert list(found.unknown) == ["insight_selector"]


@pytest.mark.parametrize(
    ("control", "name", "status"),
    [
        ("multi-region", "good", Status.PASS),
        ("multi-region", "regional", Status.FAIL),
        ("multi-region", "silent", Status.FAIL),
        ("multi-region", "advanced", Status.PASS),
        ("multi-region", "narrow", Status.FAIL),
        ("encryption", "good", Status.PASS),
        ("encryption", "regional", Status.FAIL),
        ("log-file-validation", "good", Status.PASS),
        ("log-file-validation", "regional", Status.FAIL),
    ],
)
def test_what_the_controls_say(control: str, name: str, status: Status, whole: Audit) -> None:
    assert whole.says(f"cloudtrail-trail-{control}", KIND, f"{PREFIX}/{name}-trail") is status


def test_a_trail_of_every_region_is_read_once(session: Boto, read: Callable[..., Audit]) -> None:
    where = {"LocationConstraint": "us-west-2"}
    session.client("s3").create_bucket(Bucket="trail-bucket", CreateBucketConfiguration=where)
    for region in ("us-west-2", "eu-west-1"):
        client = boto3.session.Session("testing", "testing", region_name=region)
        client.client("cloudtrail").create_trail(
            Name=f"trail-{region}", S3BucketName="trail-bucket", IsMultiRegionTrail=True
        )
    audit = read(KIND, regions=("us-west-2", "eu-west-1"))
    assert {(item.id.rpartition("/")[2], item.region) for item in audit.all(KIND).values()} == {
        ("trail-us-west-2", "us-west-2"),
        ("trail-eu-west-1", "eu-west-1"),
    }


SHADOWS = [
    "arn:aws:cloudtrail:us-west-2:999999999999:trail/of-the-organization",
    "arn:aws:cloudtrail:eu-west-1:123456789012:trail/of-another-region",
]


@pytest.mark.parametrize("arn", SHADOWS)
def test_shadows_are_not_read(arn: str, answering: Callable[..., Audit]) -> None:
    trail = {"TrailARN": arn, "Name": "shadow", "S3BucketName": "b", "IsMultiRegionTrail": True}
    audit = answering({("cloudtrail", "describe_trails"): {"trailList": [trail]}}, KIND)
    assert audit.all(KIND) == {}


@pytest.mark.parametrize(
    ("key", "attribute"),
    [
        ("S3BucketName", "s3_bucket_name"),
        ("IsMultiRegionTrail", "is_multi_region_trail"),
        ("IncludeGlobalServiceEvents", "include_global_service_events"),
        ("LogFileValidationEnabled", "enable_log_file_validation"),
    ],
)
def test_what_is_not_answered_is_unknown(
    key: str, attribute: str, answering: Callable[..., Audit]
) -> None:
    trail = {
        "TrailARN": GOOD,
        "Name": "good-trail",
        "S3BucketName": "trail-bucket",
        "IsMultiRegionTrail": True,
        "IncludeGlobalServiceEvents": True,
        "LogFileValidationEnabled": True,
        "IsOrganizationTrail": False,
    }
    del trail[key]
    audit = answering({("cloudtrail", "describe_trails"): {"trailList": [trail]}}, KIND)
    assert list(audit.one(KIND, GOOD).unknown) == [attribute]
    assert {
        f.status for (control, _), f in audit.findings.items() if attribute in f.implemented
    } <= {Status.UNKNOWN}


def test_a_status_without_answer_is_unknown(answering: Callable[..., Audit]) -> None:
    audit = answering({("cloudtrail", "get_trail_status"): {"LatestDeliveryError": ""}}, KIND)
    assert audit.says("cloudtrail-trail-multi-region", KIND, GOOD) is Status.UNKNOWN


@pytest.mark.parametrize(
    ("account", "denial", "says"),
    [
        ("123456789012", {"Bool": {"aws:SecureTransport": "false"}}, Status.PASS),
        ("123456789012", {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, Status.FAIL),
        ("123456789012", {"Bool": {"aws:PrincipalIsAWSService": "true"}}, Status.FAIL),
        ("123456789012", {"ArnLike": {"aws:SourceArn": f"{PREFIX}/good-*"}}, Status.FAIL),
        ("123456789012", {"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}, Status.UNKNOWN),
        ("210987654321", {"Bool": {"aws:SecureTransport": "false"}}, Status.FAIL),
    ],
)
def test_a_bucket_that_lets_it_deliver(
    answering: Callable[..., Audit], account: str, denial: dict[str, Any], says: Status
) -> None:
    bucket = "arn:aws:s3:::trail-bucket"
    given = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceArn": GOOD}},
    }
    policy = [
        {**given, "Action": "s3:GetBucketAcl", "Resource": bucket},
        {**given, "Action": "s3:PutObject", "Resource": f"{bucket}/AWSLogs/{account}/*"},
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket, f"{bucket}/*"],
            "Condition": denial,
        },
    ]
    text = json.dumps({"Version": "2012-10-17", "Statement": policy})
    audit = answering({("s3", "get_bucket_policy"): {"Policy": text}})
    found = audit.why("cloudtrail-trail-bucket", KIND, GOOD)
    assert audit.says("cloudtrail-trail-bucket", KIND, GOOD) is says, found
