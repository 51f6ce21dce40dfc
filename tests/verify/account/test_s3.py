"""Buckets and their settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from revet.model.finding import Status
from revet.verify.read_only import MissingResourceError

Audit = Any  # of conftest.py, which the test folders cannot import
Boto = Any  # boto3 knows services only as literals
PARTS = {
    "aws_s3_bucket_acl",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_logging",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
}
CONTROLS = (
    "bucket-encryption",
    "bucket-key",
    "bucket-lifecycle",
    "bucket-public-access-block",
    "bucket-tls-only",
    "bucket-versioning",
)


def test_a_bucket_with_every_setting(whole: Audit) -> None:
    bucket = whole.one("aws_s3_bucket", "full-bucket")
    assert bucket.values == {
        "id": "full-bucket",
        "bucket": "full-bucket",
        "bucket_prefix": "",
        "arn": "arn:aws:s3:::full-bucket",
        "region": "us-west-2",
        "acl": None,
        "grant": [],
        "lifecycle_rule": [],
        "logging": [],
        "object_lock_configuration": [],
        "policy": "",
        "server_side_encryption_configuration": [],
        "versioning": [],
        "tags_all": {"Owner": "security"},
    }
    values = {kind: dict(whole.one(kind, "full-bucket").values) for kind in PARTS}
    assert {item.pop("id") for item in values.values()} == {"full-bucket"}
    assert {item.pop("bucket") for item in values.values()} == {"full-bucket"}
    policy = json.loads(values.pop("aws_s3_bucket_policy")["policy"])
    assert policy["Statement"][0]["Sid"] == "TlsOnly"
    encryption = values.pop("aws_s3_bucket_server_side_encryption_configuration")
    (rule,) = encryption["rule"]
    (default,) = rule["apply_server_side_encryption_by_default"]
    assert rule["bucket_key_enabled"] is True
    assert default["sse_algorithm"] == "aws:kms"
    assert default["kms_master_key_id"].startswith("arn:aws:kms:us-west-2:")
    acl = values.pop("aws_s3_bucket_acl")
    (grant,) = acl["access_control_policy"][0]["grant"]
    assert (grant["permission"], grant["grantee"][0]["type"]) == ("FULL_CONTROL", "CanonicalUser")
    assert values == {
        "aws_s3_bucket_lifecycle_configuration": {
            "rule": [
                {
                    "id": "incomplete-uploads",
                    "status": "Enabled",
                    "prefix": "",
                    "filter": [
                        {
                            "prefix": "",
                            "object_size_greater_than": None,
                            "object_size_less_than": None,
                            "tag": [],
                            "and": [],
                        }
                    ],
                    "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}],
                    "expiration": [],
                    "transition": [],
                    "noncurrent_version_expiration": [],
                    "noncurrent_version_transition": [],
                }
            ]
        },
        "aws_s3_bucket_logging": {"target_bucket": "empty-bucket", "target_prefix": "log/"},
        "aws_s3_bucket_ownership_controls": {
            "rule": [{"object_ownership": "BucketOwnerPreferred"}]
        },
        "aws_s3_bucket_public_access_block": {
            "block_public_acls": True,
            "block_public_policy": True,
            "ignore_public_acls": True,
            "restrict_public_buckets": True,
        },
        "aws_s3_bucket_versioning": {
            "versioning_configuration": [{"status": "Enabled", "mfa_delete": ""}]
        },
    }


@pytest.mark.parametrize("control", CONTROLS)
def test_it_passes_every_control(control: str, whole: Audit) -> None:
    assert whole.says(f"s3-{control}", "aws_s3_bucket", "full-bucket") is Status.PASS


@pytest.mark.parametrize("control", sorted({*CONTROLS} - {"bucket-key"}))
def test_one_without_settings_fails(control: str, whole: Audit) -> None:
    assert whole.says(f"s3-{control}", "aws_s3_bucket", "empty-bucket") is Status.FAIL
    assert [kind for kind in PARTS if "empty-bucket" in whole.all(kind)] == ["aws_s3_bucket_acl"]


def test_tags_are_required_of_buckets_and_not_of_their_settings(whole: Audit) -> None:
    assert whole.says("tags-required", "aws_s3_bucket", "full-bucket") is Status.PASS
    assert whole.says("tags-required", "aws_s3_bucket", "empty-bucket") is Status.FAIL
    judged = {address.partition(".")[0] for control, address in whole.findings}
    assert not judged & (PARTS - {"aws_s3_bucket_policy"})


def test_a_policy_is_judged_once(whole: Audit) -> None:
    found = [
        address
        for control, address in whole.findings
        if control == "iam-policy-valid" and "full-bucket" in address
    ]
    assert found == ['aws_s3_bucket_policy.account["full-bucket"]']


@pytest.mark.parametrize(
    ("answer", "region"),
    [({"LocationConstraint": None}, "us-east-1"), ({"LocationConstraint": "EU"}, "eu-west-1")],
)
def test_where_a_bucket_is(
    answer: dict[str, Any], region: str, answering: Callable[..., Audit]
) -> None:
    audit = answering({("s3", "get_bucket_location"): answer}, "aws_s3_bucket")
    assert {item.values["region"] for item in audit.all("aws_s3_bucket").values()} == {region}


def test_the_listing_may_say_it(answering: Callable[..., Audit]) -> None:
    listing = {"Buckets": [{"Name": "full-bucket", "BucketRegion": "us-west-2"}]}
    audit = answering({("s3", "list_buckets"): listing}, "aws_s3_bucket")
    assert audit.one("aws_s3_bucket", "full-bucket").values["region"] == "us-west-2"
    assert "s3:getbucketlocation" not in audit.calls


def test_a_bucket_is_read_where_it_is(session: Boto, read: Callable[..., Audit]) -> None:
    far = boto3.session.Session("testing", "testing", region_name="eu-west-1").client("s3")
    far.create_bucket(
        Bucket="far-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    audit = read("aws_s3_bucket")
    assert audit.one("aws_s3_bucket", "far-bucket").values["region"] == "eu-west-1"
    assert audit.says("s3-bucket-versioning", "aws_s3_bucket", "far-bucket") is Status.FAIL


def test_a_bucket_that_is_deleted_meanwhile_is_not_there(answering: Callable[..., Audit]) -> None:
    for operation in ("get_bucket_location", "get_bucket_tagging", "get_bucket_acl"):
        gone = MissingResourceError("it does not exist")
        audit = answering({("s3", operation): gone}, "aws_s3_bucket")
        assert audit.all("aws_s3_bucket") == {}, operation
        assert audit.all("aws_s3_bucket_versioning") == {}, operation


SWITCHES = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True}


@pytest.mark.parametrize(
    ("operation", "answer", "control"),
    [
        (
            "get_public_access_block",
            {"PublicAccessBlockConfiguration": SWITCHES},
            "bucket-public-access-block",
        ),
        ("get_bucket_policy", {"Other": ""}, "bucket-tls-only"),
        ("get_bucket_versioning", {"Status": 7}, "bucket-versioning"),
        (
            "get_bucket_lifecycle_configuration",
            {
                "Rules": [
                    {
                        "Status": "Enabled",
                        "Filter": {"Colour": "blue"},
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                    }
                ]
            },
            "bucket-lifecycle",
        ),
        (
            "get_bucket_encryption",
            {"ServerSideEncryptionConfiguration": {"Rules": [{"BucketKeyEnabled": True}]}},
            "bucket-encryption",
        ),
    ],
)
def test_an_answer_of_another_form_never_passes(
    operation: str, answer: dict[str, Any], control: str, answering: Callable[..., Audit]
) -> None:
    audit = answering({("s3", operation): answer})
    found = audit.says(f"s3-{control}", "aws_s3_bucket", "full-bucket")
    assert found is (Status.FAIL if control == "bucket-versioning" else Status.UNKNOWN)


@pytest.mark.parametrize(
    ("narrow", "status"),
    [
        ({"Filter": {}}, Status.PASS),
        ({"Filter": {"Prefix": ""}}, Status.PASS),
        ({"Prefix": ""}, Status.PASS),
        ({"Prefix": "logs/"}, Status.FAIL),
        ({"Filter": {"Prefix": "logs/"}}, Status.FAIL),
        ({"Filter": {"Tag": {"Key": "a", "Value": "b"}}}, Status.FAIL),
        ({"Filter": {"ObjectSizeGreaterThan": 1}}, Status.FAIL),
        ({"Filter": {"ObjectSizeLessThan": 9}}, Status.FAIL),
        ({"Filter": {"And": {"ObjectSizeLessThan": 9, "Prefix": "a"}}}, Status.FAIL),
        ({"Filter": {}, "Status": "Disabled"}, Status.FAIL),
    ],
)
def test_lifecycle_rules_for_some_objects_do_not_count(
    narrow: dict[str, Any], status: Status, answering: Callable[..., Audit]
) -> None:
    rule = {"Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}
    answer = {"Rules": [rule | narrow]}
    audit = answering({("s3", "get_bucket_lifecycle_configuration"): answer}, "aws_s3_bucket")
    assert audit.says("s3-bucket-lifecycle", "aws_s3_bucket", "full-bucket") is status


@pytest.mark.parametrize(
    ("moves", "status"),
    [
        ({"Days": 90, "StorageClass": "GLACIER_IR"}, Status.PASS),
        ({"Days": 91, "StorageClass": "GLACIER_IR"}, Status.FAIL),
        ({"Days": 90, "StorageClass": "STANDARD_IA"}, Status.FAIL),
        ({"Days": 90}, Status.UNKNOWN),
    ],
)
def test_when_objects_move_to_an_archive_tier(
    moves: dict[str, Any], status: Status, answering: Callable[..., Audit]
) -> None:
    answer = {"Rules": [{"Status": "Enabled", "Filter": {}, "Transitions": [moves]}]}
    audit = answering({("s3", "get_bucket_lifecycle_configuration"): answer}, "aws_s3_bucket")
    assert audit.says("s3-bucket-archive-tier", "aws_s3_bucket", "full-bucket") is status


def test_a_lifecycle_rule_with_everything(answering: Callable[..., Audit]) -> None:
    rule = {
        "ID": "all",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "a/", "Tags": [{"Key": "A", "Value": "b"}]}},
        "Expiration": {"Date": datetime(2027, 1, 2, tzinfo=UTC)},
        "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 2},
        "NoncurrentVersionTransitions": [{"NoncurrentDays": 9, "StorageClass": "GLACIER"}],
    }
    answer = {("s3", "get_bucket_lifecycle_configuration"): {"Rules": [rule]}}
    audit = answering(answer, "aws_s3_bucket")
    kind = "aws_s3_bucket_lifecycle_configuration"
    assert audit.one(kind, "full-bucket").values["rule"] == [
        {
            "id": "all",
            "status": "Enabled",
            "prefix": "",
            "filter": [
                {
                    "prefix": "",
                    "object_size_greater_than": None,
                    "object_size_less_than": None,
                    "tag": [],
                    "and": [
                        {
                            "prefix": "a/",
                            "object_size_greater_than": 0,
                            "object_size_less_than": 0,
                            "tags": {"A": "b"},
                        }
                    ],
                }
            ],
            "abort_incomplete_multipart_upload": [],
            "expiration": [
                {
                    "date": "2027-01-02T00:00:00Z",
                    "days": 0,
                    "expired_object_delete_marker": False,
                }
            ],
            "transition": [{"date": None, "days": 30, "storage_class": "GLACIER"}],
            "noncurrent_version_expiration": [
                {"newer_noncurrent_versions": 2, "noncurrent_days": 30}
            ],
            "noncurrent_version_transition": [
                {
                    "newer_noncurrent_versions": None,
                    "noncurrent_days": 9,
                    "storage_class": "GLACIER",
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("data-123456789012-us-west-2", Status.PASS),
        ("data-123456789012-us-east-1", Status.FAIL),
        ("data-210987654321-us-west-2", Status.FAIL),
        ("data", Status.FAIL),
    ],
)
def test_what_the_name_of_a_bucket_says(
    session: Boto, read: Callable[..., Audit], name: str, says: Status
) -> None:
    where = {"LocationConstraint": "us-west-2"}
    session.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=where)
    assert read("aws_s3_bucket").says("s3-bucket-name", "aws_s3_bucket", name) is says
