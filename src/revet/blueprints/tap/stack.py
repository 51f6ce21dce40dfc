"""The secure application stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cdktn
from constructs import Construct

from revet.constructs import iam, kms, s3
from revet.constructs.arguments import (
    check_choice,
    check_region,
    check_source_ranges,
    check_suffix,
    check_tags,
    check_text,
    check_vpc_cidr,
    refuse,
)
from revet.constructs.cloudtrail import Trail
from revet.constructs.context import Context, Lifecycle, check_lifecycle
from revet.constructs.ec2 import SecurityGroup, Vpc
from revet.constructs.logs import LogGroup
from revet.constructs.outputs import Outputs
from revet.constructs.placement import check_scope
from revet.constructs.rds import Instance
from revet.constructs.record import make_record
from revet.constructs.state_backend import Lock, StateBackend, check_lock, check_state_bucket

PREFIX = "tap"
_FLOW_LOGS = "flow-logs"
_TRAIL = "trail"
_POSTGRESQL = 5432


class SecureApplicationStack(cdktn.TerraformStack):
    """Keys, buckets, network, trail and database of an application, secure by default.

    Composes `revet.StateBackend`, `kms.Key` (data, secrets, logs), `s3.Bucket` (data, access logs),
    `logs.LogGroup`, `ec2.Vpc`, `cloudtrail.Trail`, `rds.Instance`, `ec2.SecurityGroup` (of the
    application, which alone reaches the database), `iam.Group` (people) with `iam.MfaGuard`, and
    `revet.Outputs`; `requirements.toml` beside this file says which requirement each implements.

    Args:
        scope: the app.
        construct_id: id of the stack; the state's key ends in it.
        environment_suffix: end of every name, 1 to 20 of a-z, 0-9 and inner hyphens.
        aws_region: region of the stack.
        state_bucket: bucket that holds the state.
        state_bucket_region: its region.
        default_tags: more tags for everything, flat or as `{"tags": {…}}`; they win over `owner`,
            `purpose` and the environment.
        lifecycle: `PROTECTED` or `EPHEMERAL`.
        owner: the tag `Owner`.
        purpose: the tag `Purpose`.
        allowed_ip_ranges: public ranges from which people may act; checked and kept for the roles
            that use them.
        vpc_cidr: IPv4 range of the VPC, /16 to /24.
        lock: `lockfile`, `dynamodb` or `both`.

    Raises:
        ArgumentError: an unknown keyword, or an argument that is not allowed.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment_suffix: str,
        aws_region: str,
        state_bucket: str,
        state_bucket_region: str,
        default_tags: Mapping[str, Any] | None = None,
        lifecycle: str = Lifecycle.PROTECTED,
        owner: str = "unassigned",
        purpose: str = "secure-application",
        allowed_ip_ranges: tuple[str, ...] | list[str] = (),
        vpc_cidr: str = "10.0.0.0/16",
        lock: str = Lock.LOCKFILE,
        **unknown: object,
    ) -> None:
        _refuse_unknown(unknown)
        check_scope(scope, construct_id)
        check_suffix("environment_suffix", environment_suffix)
        check_region("aws_region", aws_region)
        check_lifecycle(lifecycle, environment_suffix)
        check_state_bucket(state_bucket, state_bucket_region)
        check_vpc_cidr("vpc_cidr", vpc_cidr)
        check_lock(lock)
        check_text("owner", owner, 1, 256, "name who answers for the stack")
        check_text("purpose", purpose, 1, 256, "say what the stack is for")
        tags = _tags(environment_suffix, owner, purpose, default_tags)
        self.allowed_ip_ranges = check_source_ranges("allowed_ip_ranges", allowed_ip_ranges)
        super().__init__(scope, construct_id)
        self.context = Context(
            self,
            prefix=PREFIX,
            environment_suffix=environment_suffix,
            region=aws_region,
            lifecycle=lifecycle,
            tags=tags,
        )
        self.backend = StateBackend(
            self,
            "state",
            bucket=state_bucket,
            bucket_region=state_bucket_region,
            environment_suffix=environment_suffix,
            lock=lock,
        )
        self._add_keys()
        self._add_buckets()
        self._add_network(vpc_cidr)
        self._add_trail()
        self._add_database()
        self._add_people()
        self._add_outputs()

    def _add_keys(self) -> None:
        name = self.context.name
        self.data_key = kms.Key(self, "data-key", description="Encrypts application data")
        self.secrets_key = kms.Key(self, "secrets-key", description="Encrypts secrets")
        self.logs_key = kms.Key(
            self,
            "logs-key",
            description="Encrypts logs and the audit trail",
            service_access=[
                kms.cloudwatch_logs(name(_FLOW_LOGS, limit=512)),
                kms.cloudtrail(name(_TRAIL, limit=128)),
            ],
        )

    def _add_buckets(self) -> None:
        self.access_log_bucket = s3.Bucket(
            self,
            "access",
            sse_s3="server access logs can only be delivered to a bucket with a key of S3's own",
            service_access=[s3.server_access_logs(self.context.unique_name("*", limit=63))],
            expiration_days=365,
        )
        self.data_bucket = s3.Bucket(
            self, "data", key=self.data_key, access_log_bucket=self.access_log_bucket
        )

    def _add_network(self, vpc_cidr: str) -> None:
        self.flow_log_group = LogGroup(self, _FLOW_LOGS, key=self.logs_key, retention_in_days=90)
        self.vpc = Vpc(self, "vpc", flow_log_group=self.flow_log_group, cidr_block=vpc_cidr)

    def _add_trail(self) -> None:
        self.trail = Trail(
            self, _TRAIL, key=self.logs_key, access_log_bucket=self.access_log_bucket
        )

    def _add_database(self) -> None:
        self.database = Instance(
            self, "database", vpc=self.vpc, key=self.data_key, secret_key=self.secrets_key
        )
        self.application_security_group = SecurityGroup(
            self, "application", vpc=self.vpc, description="Members of the application"
        )
        self.database.security_group.allow_from(
            self.application_security_group,
            port=_POSTGRESQL,
            description="PostgreSQL from the application to its database",
        )

    def _add_people(self) -> None:
        self.mfa_guard = iam.MfaGuard(self, "mfa-guard")
        self.people = iam.Group(self, "people", mfa_guard=self.mfa_guard)

    def _add_outputs(self) -> None:
        database = self.database.resource
        values: dict[str, Any] = {
            "account_id": self.context.account_id,
            "region": self.context.region,
            "environment_suffix": self.context.suffix,
            "data_key_arn": self.data_key.arn,
            "data_key_alias": self.data_key.alias.name,
            "secrets_key_arn": self.secrets_key.arn,
            "secrets_key_alias": self.secrets_key.alias.name,
            "logs_key_arn": self.logs_key.arn,
            "logs_key_alias": self.logs_key.alias.name,
            "data_bucket_name": self.data_bucket.resource.id,
            "data_bucket_arn": self.data_bucket.arn,
            "access_log_bucket_name": self.access_log_bucket.resource.id,
            "vpc_id": self.vpc.resource.id,
            "private_subnet_ids": self.vpc.private_subnet_ids,
            "flow_log_id": self.vpc.flow_log.id,
            "flow_log_group_name": self.flow_log_group.resource.name,
            "flow_log_group_arn": self.flow_log_group.arn,
            "flow_log_role_arn": self.vpc.flow_log_role.arn,
            "trail_name": self.trail.resource.name,
            "trail_arn": self.trail.arn,
            "trail_bucket_name": self.trail.bucket.resource.id,
            "application_security_group_id": self.application_security_group.resource.id,
            "people_group_name": self.people.resource.name,
            "people_group_arn": self.people.arn,
            "mfa_guard_policy_arn": self.mfa_guard.arn,
            "database_identifier": database.identifier,
            "database_arn": self.database.arn,
            "database_endpoint": database.endpoint,
            "database_port": database.port,
            "database_name": database.db_name,
            "database_security_group_id": self.database.security_group.resource.id,
            "database_secret_arn": self.database.secret_arn,
        }
        Outputs(self, "outputs", values=values)
        self.context.records.append(make_record(self, "tap.SecureApplicationStack", ()))


def _tags(
    environment_suffix: str,
    owner: str,
    purpose: str,
    default_tags: Mapping[str, Any] | None,
) -> dict[str, str]:
    given: object = {} if default_tags is None else default_tags
    if isinstance(given, Mapping) and set(given) == {"tags"}:
        given = given["tags"]
    if not isinstance(given, Mapping):
        refuse(
            "default_tags",
            default_tags,
            'names and texts, flat or as `{"tags": {…}}`',
            "write a dictionary",
        )
    tags = {"Environment": environment_suffix, "Owner": owner, "Purpose": purpose, **given}
    return check_tags("default_tags", tags)


def _refuse_unknown(unknown: Mapping[str, object]) -> None:
    known = ("lifecycle", "owner", "purpose", "allowed_ip_ranges", "vpc_cidr", "lock")
    for name in unknown:
        check_choice("a keyword of the stack", name, known)
