"""The bucket that holds states, and the table that locks them where one is wanted."""

from __future__ import annotations

from typing import Any

import cdktn
from constructs import Construct

from revet.constructs import dynamodb, kms, s3
from revet.constructs.arguments import check_region, check_suffix, check_text
from revet.constructs.context import Context, Lifecycle, check_lifecycle
from revet.constructs.outputs import Outputs
from revet.constructs.placement import check_scope
from revet.constructs.record import make_record
from revet.constructs.state_backend import Lock, check_lock, lock_table_name

PREFIX = "terraform"
_TABLE = "state-lock"


class StateBackendStack(cdktn.TerraformStack):
    """A bucket for states, safe before the first state lies in it.

    Composes `kms.Key`, `s3.Bucket` (states, and their access log), with a lock table
    `dynamodb.Table`, and `revet.Outputs`. Its own state is a local file, since the bucket is not
    there yet; `baseline.toml` beside this file leaves out the one control that asks for another.

    Args:
        scope: the app.
        construct_id: id of the stack.
        environment_suffix: end of every name, 1 to 20 of a-z, 0-9 and inner hyphens.
        aws_region: region of the states.
        lifecycle: `PROTECTED` or `EPHEMERAL`.
        owner: the tag `Owner`.
        purpose: the tag `Purpose`.
        lock: `lockfile`; `dynamodb` or `both` make the table
            `terraform-state-lock-{environment_suffix}` too.

    Raises:
        ArgumentError: an argument that is not allowed.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment_suffix: str = "dev",
        aws_region: str = "us-west-2",
        lifecycle: str = Lifecycle.PROTECTED,
        owner: str = "unassigned",
        purpose: str = "terraform-state",
        lock: str = Lock.LOCKFILE,
    ) -> None:
        check_scope(scope, construct_id)
        check_suffix("environment_suffix", environment_suffix)
        check_region("aws_region", aws_region)
        check_lifecycle(lifecycle, environment_suffix)
        check_text("owner", owner, 1, 256, "name who answers for the states")
        check_text("purpose", purpose, 1, 256, "say what they are for")
        chosen = check_lock(lock)
        super().__init__(scope, construct_id)
        self.context = Context(
            self,
            prefix=PREFIX,
            environment_suffix=environment_suffix,
            region=aws_region,
            lifecycle=lifecycle,
            tags={"Environment": environment_suffix, "Owner": owner, "Purpose": purpose},
        )
        cdktn.LocalBackend(self, path="terraform.tfstate")
        self.key = kms.Key(self, "state-key", description="Encrypts the states of stacks")
        self.access_log_bucket = s3.Bucket(
            self,
            "access",
            sse_s3="server access logs can only be delivered to a bucket with a key of S3's own",
            service_access=[s3.server_access_logs(self.context.unique_name("*", limit=63))],
            expiration_days=365,
        )
        self.bucket = s3.Bucket(
            self,
            "states",
            key=self.key,
            access_log_bucket=self.access_log_bucket,
            noncurrent_version_expiration_days=90,
        )
        self.table = (
            dynamodb.Table(self, _TABLE, key=self.key, hash_key="LockID")
            if chosen.has_table
            else None
        )
        Outputs(self, "outputs", values=self._outputs())
        self.context.records.append(make_record(self, "state_backend.StateBackendStack", ()))

    def _outputs(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "account_id": self.context.account_id,
            "region": self.context.region,
            "environment_suffix": self.context.suffix,
            "state_bucket_name": self.bucket.resource.id,
            "state_bucket_arn": self.bucket.arn,
            "state_key_arn": self.key.arn,
            "state_key_alias": self.key.alias.name,
            "access_log_bucket_name": self.access_log_bucket.resource.id,
        }
        if self.table is not None:
            values["lock_table_name"] = self.table.resource.name
            if self.table.name != lock_table_name(self.context.suffix):  # stacks look for that one
                raise AssertionError(self.table.name)
        return values
