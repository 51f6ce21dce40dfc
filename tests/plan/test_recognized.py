"""What a text has the form of."""

from __future__ import annotations

import pytest

from revet.plan.recognized import Recognized, recognize
from revet.plan.terraform_types import terraform_type, types_with
from revet.verify.readers import load_readers

ACCOUNT = "123456789012"


@pytest.mark.parametrize(
    ("text", "kind", "region"),
    [
        ("sg-0123456789abcdef0", "aws_security_group", ""),
        ("vpc-01234567", "aws_vpc", ""),
        ("fs-0123456789abcdef0", "aws_efs_file_system", ""),
        (f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc/vpc-01234567", "aws_vpc", "eu-west-1"),
        (f"arn:aws:iam::{ACCOUNT}:role/path/app", "aws_iam_role", ""),
        (f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/app:*", "aws_cloudwatch_log_group", ""),
        (f"arn:aws-cn:sqs:cn-north-1:{ACCOUNT}:q", "aws_sqs_queue", "cn-north-1"),
        ("arn:aws:s3:::data", "aws_s3_bucket", ""),
        ("arn:aws:s3:::data/path", "aws_s3_bucket", ""),
    ],
)
def test_ids_and_arns(text: str, kind: str, region: str) -> None:
    found = recognize(text)
    assert found is not None
    assert found.kind == kind
    assert found.account == (ACCOUNT if ACCOUNT in text else "")
    assert not region or found.region == region


@pytest.mark.parametrize(
    "text",
    [
        "",
        "data",
        "sg-app",
        "sg-0123456789abcdef",
        "xy-0123456789abcdef0",
        "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
        "arn:aws:s3",
        f"arn:aws:s3:eu-west-1:{ACCOUNT}:accesspoint/data",
        "arn:aws:sqs:::q",
        f"arn:aws:iam::{ACCOUNT}:root",
    ],
)
def test_anything_else(text: str) -> None:
    assert recognize(text) is None


def test_what_is_recognized_is_read() -> None:
    """Otherwise it could never be said to be gone."""
    read = {kind for reader in load_readers() for kind in reader.types}
    assert {*types_with("arn_prefix"), *types_with("id_prefix")} <= read


def test_no_text_is_of_two_types() -> None:
    prefixes = [terraform_type(kind).arn_prefix for kind in types_with("arn_prefix")]
    for one in prefixes:
        assert [other for other in prefixes if one.startswith(other)] == [one]
    assert recognize("igw-01234567") == Recognized("aws_internet_gateway")
