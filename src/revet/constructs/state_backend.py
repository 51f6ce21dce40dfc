"""Where the state of a stack lies: S3, encrypted and locked."""

from __future__ import annotations

import re
from enum import StrEnum

import cdktn
from constructs import Construct

from revet.constructs.arguments import check_choice, check_region, check_suffix, refuse
from revet.constructs.placement import place
from revet.constructs.record import make_record

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class Lock(StrEnum):
    """How two runs are kept from writing the state at once."""

    LOCKFILE = "lockfile"
    DYNAMODB = "dynamodb"
    BOTH = "both"

    @property
    def has_file(self) -> bool:
        """Whether a lock file lies beside the state."""
        return self is not Lock.DYNAMODB

    @property
    def has_table(self) -> bool:
        """Whether the lock is an item of a table."""
        return self is not Lock.LOCKFILE


def check_lock(lock: object) -> Lock:
    """Check a way of locking.

    Raises:
        ArgumentError: it is none of `lockfile`, `dynamodb` and `both`.
    """
    check_choice("lock", lock, [item.value for item in Lock])
    return Lock(str(lock))


def check_state_bucket(bucket: object, bucket_region: object) -> None:
    """Check where the state shall lie.

    Args:
        bucket: name of the state bucket: 3 to 63 of a-z, 0-9, inner dots and hyphens.
        bucket_region: its region.

    Raises:
        ArgumentError: an unknown region, or a name that no bucket has.
    """
    check_region("state_bucket_region", bucket_region)
    if not isinstance(bucket, str) or not _BUCKET.fullmatch(bucket):
        refuse(
            "state_bucket",
            bucket,
            "3 to 63 of `a-z`, `0-9`, inner dots and hyphens",
            "name the bucket that holds the states",
        )


def lock_table_name(environment_suffix: str) -> str:
    """Name of the DynamoDB table that locks the states of an environment.

    Args:
        environment_suffix: of the environment.
    """
    return f"terraform-state-lock-{environment_suffix}"


class StateBackend(Construct):
    """The remote state of a stack: key `{environment_suffix}/{stack}.tfstate`.

    Makes Terraform's `backend "s3"` block, and no resource: the bucket must be there before. The
    blueprint `state_backend` makes it.

    Defaults, each with the control that asks for it:
        - encrypted, and locked with a lock file beside the state (`terraform-state-backend`).

    Args:
        scope: the stack.
        construct_id: id in the scope.
        bucket: name of the state bucket.
        bucket_region: its region.
        environment_suffix: first part of the key, and end of the lock table's name.
        lock: a lock file in the bucket, the DynamoDB table
            `terraform-state-lock-{environment_suffix}` (deprecated by Terraform 1.11), or both.

    Raises:
        ArgumentError: an unknown region or lock, no bucket, or a scope that is no stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: str,
        bucket_region: str,
        environment_suffix: str,
        lock: Lock | str = Lock.LOCKFILE,
    ) -> None:
        context = place(scope, construct_id)
        if not isinstance(scope, cdktn.TerraformStack):
            refuse("scope", scope.node.path, "the stack itself", "pass `self` of the stack")
        check_state_bucket(bucket, bucket_region)
        check_suffix("environment_suffix", environment_suffix)
        chosen = check_lock(lock)
        super().__init__(scope, construct_id)
        self.key = f"{environment_suffix}/{scope.node.id}.tfstate"
        self.resource = cdktn.S3Backend(
            self,
            bucket=bucket,
            key=self.key,
            region=bucket_region,
            encrypt=True,
            use_lockfile=True if chosen.has_file else None,
            dynamodb_table=lock_table_name(environment_suffix) if chosen.has_table else None,
        )
        context.records.append(make_record(self, "revet.StateBackend", ()))
