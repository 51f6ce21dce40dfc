"""Every answer is read to its end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import botocore.session
import pytest

Audit = Any  # of conftest.py, which the test folders cannot import
Recording = Any
_TOKEN = re.compile(r"token$|^(next)?marker$|^last.*key$|^istruncated$", re.IGNORECASE)
BY_HAND = {
    ("backup", "list_tags"),
    ("events", "list_event_buses"),
    ("s3control", "list_access_points"),
    ("wafv2", "list_web_acls"),
}
"""Operations that botocore does not page; a test shows that the reader does."""
ONE_PAGE = {
    ("network-firewall", "describe_firewall"): "its token is that of the lock",
    ("wafv2", "get_web_acl"): "its token is that of the lock",
    ("wafv2", "list_tags_for_resource"): "a resource has at most 50 tags, and a page 100",
}


def test_operations_that_answer_in_pages_are_paged(everything: Recording) -> None:
    session = boto3.session.Session("testing", "testing", region_name="us-west-2")
    model = botocore.session.get_session()
    found = set()
    for service, operation in sorted(everything.sent):
        client = session.client(service)
        name = client.meta.method_to_api_mapping[operation]
        shape = model.get_service_model(service).operation_model(name).output_shape
        assert shape is not None
        paged = any(_TOKEN.search(member) for member in shape.members)
        if paged and not client.can_paginate(operation):
            found.add((service, operation))
    assert found == BY_HAND | ONE_PAGE.keys()


class _InPages:
    """Answers the tags of a vault on two pages."""

    def call(self, service: str, operation: str, **asked: str) -> dict[str, Any]:
        assert service == "backup"
        if operation == "list_backup_vaults":
            return {"BackupVaultList": [{"BackupVaultName": "v", "BackupVaultArn": "arn"}]}
        if operation == "list_tags" and "NextToken" not in asked:
            return {"Tags": {"Owner": "security"}, "NextToken": "2"}
        return {"Tags": {"Purpose": "tests"}} if operation == "list_tags" else {}


def test_the_tags_of_vaults_are_paged(read: Callable[..., Audit]) -> None:
    vault = read("aws_backup_vault", reader=_InPages()).one("aws_backup_vault", "v")
    assert vault.values["tags_all"] == {"Owner": "security", "Purpose": "tests"}


ARN = "arn:aws:{}:us-west-2:123456789012:{}"


def _paged(*pages: dict[str, Any], by: str) -> Callable[..., dict[str, Any]]:
    """Answers the first page to who does not ask for a later one, and the last one after it."""

    def answer(**asked: str) -> dict[str, Any]:
        return pages[by in asked]

    return answer


class _Listings:
    """Answers every listing that botocore does not page on two pages."""

    answers: Mapping[tuple[str, str], Callable[..., dict[str, Any]]] = {
        ("events", "list_event_buses"): _paged(
            {"EventBuses": [{"Name": "a", "Arn": ARN.format("events", "a")}], "NextToken": "2"},
            {"EventBuses": [{"Name": "b", "Arn": ARN.format("events", "b")}]},
            by="NextToken",
        ),
        ("s3control", "list_access_points"): _paged(
            {
                "AccessPointList": [
                    {"Name": "a", "Bucket": "x", "AccessPointArn": ARN.format("s3", "a")}
                ],
                "NextToken": "2",
            },
            {
                "AccessPointList": [
                    {"Name": "b", "Bucket": "x", "AccessPointArn": ARN.format("s3", "b")}
                ]
            },
            by="NextToken",
        ),
        ("firehose", "list_delivery_streams"): _paged(
            {"DeliveryStreamNames": ["a"], "HasMoreDeliveryStreams": True},
            {"DeliveryStreamNames": ["b"], "HasMoreDeliveryStreams": False},
            by="ExclusiveStartDeliveryStreamName",
        ),
        ("firehose", "list_tags_for_delivery_stream"): _paged(
            {"Tags": [{"Key": "Owner", "Value": "security"}], "HasMoreTags": True},
            {"Tags": [{"Key": "Purpose", "Value": "tests"}], "HasMoreTags": False},
            by="ExclusiveStartTagKey",
        ),
        ("kinesis", "list_tags_for_stream"): _paged(
            {"Tags": [{"Key": "Owner", "Value": "security"}], "HasMoreTags": True},
            {"Tags": [{"Key": "Purpose", "Value": "tests"}], "HasMoreTags": False},
            by="ExclusiveStartTagKey",
        ),
        ("wafv2", "list_web_acls"): _paged(
            {
                "WebACLs": [{"Name": "a", "Id": "1", "ARN": ARN.format("wafv2", "webacl/a/1")}],
                "NextMarker": "2",
            },
            {"WebACLs": [{"Name": "b", "Id": "2", "ARN": ARN.format("wafv2", "webacl/b/2")}]},
            by="NextMarker",
        ),
        ("kinesis", "list_streams"): lambda **_: {"StreamNames": ["a", "b"]},
    }

    def call(self, service: str, operation: str, **asked: str) -> dict[str, Any]:
        found = self.answers.get((service, operation))
        return found(**asked) if found else {}


@pytest.mark.parametrize(
    "kind",
    [
        "aws_cloudwatch_event_bus",
        "aws_kinesis_firehose_delivery_stream",
        "aws_kinesis_stream",
        "aws_s3_access_point",
        "aws_wafv2_web_acl",
    ],
)
def test_listings_are_paged(kind: str, read: Callable[..., Audit]) -> None:
    found = read(kind, reader=_Listings()).all(kind)
    assert [item.values["name"] for item in found.values()] == ["a", "b"]
    if "kinesis" in kind:
        both = {"Owner": "security", "Purpose": "tests"}
        assert all(item.values["tags_all"] == both for item in found.values())
