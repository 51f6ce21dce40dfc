"""Where the state of a stack lies: S3, encrypted and locked (TAP-02)."""

from __future__ import annotations

import re
from enum import StrEnum

import cdktn

from revet.constructs.arguments import check_region, refuse

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class Lock(StrEnum):
    """How two runs are kept from writing the state at once."""

    LOCKFILE = "lockfile"
    DYNAMODB = "dynamodb"
    BOTH = "both"


def check_state_bucket(bucket: str, bucket_region: str) -> None:
    """Check where the state shall lie.

    Args:
        bucket: name of the state bucket: 3 to 63 of a-z, 0-9, inner dots and hyphens.
        bucket_region: its region.

    Raises:
        ArgumentError: an unknown region, or a name that no bucket has.
    """
    check_region("state_bucket_region", bucket_region)
    if not _BUCKET.fullmatch(bucket):
        refuse(
            "state_bucket",
            bucket,
            "3 to 63 of `a-z`, `0-9`, inner dots and hyphens",
            "name the bucket that holds the states",
        )


def add_backend(
    stack: cdktn.TerraformStack,
    *,
    bucket: str,
    bucket_region: str,
    environment_suffix: str,
    lock: Lock,
) -> None:
    """Give a stack its remote state: key `{environment_suffix}/{construct_id}.tfstate`.

    Args:
        stack: the stack.
        bucket: name of the state bucket.
        bucket_region: its region.
        environment_suffix: first part of the key, and end of the lock table's name.
        lock: a lock file in the bucket, the DynamoDB table
            `terraform-state-lock-{environment_suffix}`, or both.

    Raises:
        ArgumentError: an unknown region, or no bucket.
    """
    check_state_bucket(bucket, bucket_region)
    cdktn.S3Backend(
        stack,
        bucket=bucket,
        key=f"{environment_suffix}/{stack.node.id}.tfstate",
        region=bucket_region,
        encrypt=True,
        use_lockfile=True if lock in (Lock.LOCKFILE, Lock.BOTH) else None,
        dynamodb_table=f"terraform-state-lock-{environment_suffix}"
        if lock in (Lock.DYNAMODB, Lock.BOTH)
        else None,
    )
