"""A real plan of 1,000 resources, shaped as CDK Terrain writes it; made once, then reused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from revet.target.terraform import Terraform

UNITS = 100
PROVIDER = {
    "region": "us-west-2",
    "access_key": "fake",
    "secret_key": "fake",
    "skip_credentials_validation": True,
    "skip_requesting_account_id": True,
    "skip_metadata_api_check": True,
}


def configuration(units: int = UNITS) -> dict[str, Any]:
    """Ten resources a unit, joined by references as in a synthesized stack.

    Args:
        units: how many; 100 make 1,000 resources.
    """
    resource: dict[str, dict[str, Any]] = {}
    tags = {"Environment": "dev", "Owner": "platform", "Purpose": "benchmark"}

    def add(kind: str, label: str, /, **arguments: Any) -> None:  # noqa: ANN401 - Terraform's own values
        resource.setdefault(kind, {})[label] = arguments

    for number in range(units):
        n = f"u{number:03d}"
        key, bucket = f"${{aws_kms_key.{n}.arn}}", f"${{aws_s3_bucket.{n}.id}}"
        arn = f"${{aws_s3_bucket.{n}.arn}}"
        add("aws_kms_key", n, enable_key_rotation=True, tags=tags)
        add("aws_kms_alias", n, name=f"alias/{n}", target_key_id=f"${{aws_kms_key.{n}.key_id}}")
        add("aws_s3_bucket", n, bucket=f"bench-{n}", tags=tags)
        add(
            "aws_s3_bucket_public_access_block", n, bucket=bucket, block_public_acls=True,
            block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True,
        )  # fmt: skip
        add(
            "aws_s3_bucket_versioning",
            n,
            bucket=bucket,
            versioning_configuration={"status": "Enabled"},
        )
        add(
            "aws_s3_bucket_server_side_encryption_configuration", n, bucket=bucket,
            rule=[{
                "bucket_key_enabled": True,
                "apply_server_side_encryption_by_default": {
                    "sse_algorithm": "aws:kms", "kms_master_key_id": key,
                },
            }],
        )  # fmt: skip
        statement = {
            "Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }  # fmt: skip
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        add("aws_s3_bucket_policy", n, bucket=bucket, policy=policy)
        add(
            "aws_cloudwatch_log_group", n, name=f"/bench/{n}", kms_key_id=key, retention_in_days=30,
            tags=tags,
        )  # fmt: skip
        trust = {
            "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }  # fmt: skip
        add(
            "aws_iam_role", n, name=f"bench-{n}", tags=tags,
            assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )  # fmt: skip
        read = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [f"{arn}/*"]}
        add(
            "aws_iam_role_policy", n, role=f"${{aws_iam_role.{n}.id}}", name=n,
            policy=json.dumps({"Version": "2012-10-17", "Statement": [read]}),
        )  # fmt: skip
    source = {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}
    return {
        "terraform": {"required_providers": {"aws": source}},
        "provider": {"aws": [PROVIDER]},
        "resource": resource,
    }


def large_plan(directory: Path) -> Path:
    """The plan's JSON, made with the real Terraform and provider when it is not there yet.

    Args:
        directory: where the configuration, the plan and its JSON lie.

    Returns:
        Path of the JSON.
    """
    target = directory / "plan.json"
    text = json.dumps(configuration())
    source = directory / "main.tf.json"
    if target.exists() and source.exists() and source.read_text() == text:
        return target
    directory.mkdir(parents=True, exist_ok=True)
    source.write_text(text)
    terraform = Terraform(directory, environment=dict(os.environ))
    terraform.init()
    target.write_bytes(terraform.plan(out=directory / "plan.bin").json_bytes)
    return target
