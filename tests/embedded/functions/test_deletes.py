"""DeleteObjects is decided for each object, and answers for each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.embedded.functions.deployed import LOGS, Deployed

DELETES = """
import boto3
def handler(event, context):
    s3 = boto3.client("s3")
    answer = s3.delete_objects(**event)
    return {name: sorted(answer.get(name, []), key=lambda one: one["Key"])
            for name in ("Deleted", "Errors")}
"""
DENIED = {"Code": "AccessDenied", "Message": "Access Denied"}


@pytest.fixture
def bucket(deployed: Deployed) -> str:
    """A bucket with versions, of which a function may delete what is under `mine/`."""
    name = deployed.name("b")[-60:]
    deployed.s3.create_bucket(Bucket=name)
    deployed.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    deployed.function("f", DELETES)
    statements = [
        {"Effect": "Allow", "Action": list(LOGS), "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
            "Resource": f"arn:aws:s3:::{name}/mine/*",
        },
        {
            "Effect": "Allow",
            "Action": "s3:DeleteObject",
            "Resource": f"arn:aws:s3:::{name}/current/*",
        },
    ]
    deployed.iam.put_role_policy(
        RoleName=deployed.name("f"),
        PolicyName="own",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    return name


def delete(deployed: Deployed, bucket: str, objects: list[Any], **more: Any) -> Any:  # noqa: ANN401 - JSON
    event = {"Bucket": bucket, "Delete": {"Objects": objects, **more}}
    answer, error = deployed.call(deployed.name("f"), event)
    assert error == "", answer
    return answer


def put(deployed: Deployed, bucket: str, *keys: str) -> dict[str, str]:
    return {key: deployed.s3.put_object(Bucket=bucket, Key=key)["VersionId"] for key in keys}


def left(deployed: Deployed, bucket: str) -> list[str]:
    found = deployed.s3.list_objects_v2(Bucket=bucket)
    return [one["Key"] for one in found.get("Contents", ())]


def test_what_is_allowed_goes_and_the_rest_is_an_error_each(
    deployed: Deployed, bucket: str
) -> None:
    put(deployed, bucket, "mine/a", "theirs/a", "theirs/b")
    before = len(deployed.daemon.denials())
    asked = [{"Key": "theirs/a"}, {"Key": "mine/a"}, {"Key": "theirs/b"}]
    answer = delete(deployed, bucket, asked)
    assert [one["Key"] for one in answer["Deleted"]] == ["mine/a"]
    assert answer["Errors"] == [{"Key": "theirs/a", **DENIED}, {"Key": "theirs/b", **DENIED}]
    assert left(deployed, bucket) == ["theirs/a", "theirs/b"]
    denied = deployed.daemon.denials()[before:]
    assert [one["resource"].rpartition(":")[2] for one in denied] == [
        f"{bucket}/theirs/a",
        f"{bucket}/theirs/b",
    ]


def test_all_may_be_refused(deployed: Deployed, bucket: str) -> None:
    put(deployed, bucket, "theirs/a")
    answer = delete(deployed, bucket, [{"Key": "theirs/a"}])
    assert answer == {"Deleted": [], "Errors": [{"Key": "theirs/a", **DENIED}]}
    assert left(deployed, bucket) == ["theirs/a"]


def test_a_quiet_request_is_told_of_errors_alone(deployed: Deployed, bucket: str) -> None:
    put(deployed, bucket, "mine/a", "mine/b", "theirs/a")
    answer = delete(deployed, bucket, [{"Key": "mine/a"}, {"Key": "theirs/a"}], Quiet=True)
    assert answer == {"Deleted": [], "Errors": [{"Key": "theirs/a", **DENIED}]}
    assert delete(deployed, bucket, [{"Key": "mine/b"}], Quiet=True) == {
        "Deleted": [],
        "Errors": [],
    }
    assert left(deployed, bucket) == ["theirs/a"]


def test_a_version_is_decided_apart_from_its_object(deployed: Deployed, bucket: str) -> None:
    version = put(deployed, bucket, "current/a")["current/a"]
    asked = [{"Key": "current/a", "VersionId": version}, {"Key": "current/a"}]
    answer = delete(deployed, bucket, asked)
    assert [one["DeleteMarker"] for one in answer["Deleted"]] == [True]
    assert answer["Errors"] == [{"Key": "current/a", "VersionId": version, **DENIED}]
    versions = deployed.s3.list_object_versions(Bucket=bucket)
    assert [one["VersionId"] for one in versions["Versions"]] == [version]
