"""An Aurora Serverless v2 cluster of PostgreSQL in private subnets."""

from __future__ import annotations

import cdktn
from cdktn_provider_aws.rds_cluster import RdsCluster, RdsClusterServerlessv2ScalingConfiguration
from cdktn_provider_aws.rds_cluster_instance import RdsClusterInstance
from cdktn_provider_aws.rds_cluster_parameter_group import (
    RdsClusterParameterGroup,
    RdsClusterParameterGroupParameter,
)
from constructs import Construct

from revet.constructs.arguments import check_choice, check_range, refuse
from revet.constructs.blocks import blocks
from revet.constructs.context import Context
from revet.constructs.ec2.vpc import Vpc
from revet.constructs.grant import Grant, Grantee
from revet.constructs.iam.boundary import Boundary
from revet.constructs.kms.key import Key
from revet.constructs.logs.group import RETENTION_DAYS, LogGroup
from revet.constructs.placement import check_construct, place
from revet.constructs.policy import statement
from revet.constructs.rds.database import (
    check_database,
    check_user,
    closed_group,
    postgresql_log_group,
    private_subnets,
)
from revet.constructs.rds.monitoring import monitoring_role
from revet.constructs.record import make_record

_ENGINE = "aurora-postgresql"
_SMALLEST, _LARGEST = 0.5, 256
"""Aurora capacity units. Source: Aurora user guide, "Aurora Serverless v2 capacity"."""


class Cluster(Construct):
    """An Aurora Serverless v2 cluster of PostgreSQL, whose master password nobody knows.

    Makes `aws_rds_cluster`, `aws_rds_cluster_instance` in two zones or more,
    `aws_rds_cluster_parameter_group`, `aws_db_subnet_group`, its security group
    (`ec2.SecurityGroup`), the log group of its log (`logs.LogGroup`), and the role of enhanced
    monitoring (`iam.Role`).

    Defaults, each with the control that asks for it:
        - private subnets (`rds-cluster-private-subnets`), no public address
          (`rds-instance-not-public`), a security group without rules;
        - two instances, each in another zone (`rds-cluster-multi-az`);
        - storage, backups, snapshots and performance data encrypted with `key`
          (`rds-cluster-encryption`);
        - master credentials made and rotated by RDS in Secrets Manager, encrypted with
          `secret_key`: never in code, state or logs (`rds-cluster-managed-credentials`);
        - TLS forced by the parameter group (`rds-tls-forced`), IAM authentication on
          (`rds-iam-authentication`);
        - backups for 35 days (`rds-backups`), tags copied to snapshots, minor upgrades automatic;
        - the log of PostgreSQL exported (`rds-logs-exported`) to a log group of its own
          (`logs-group-encryption`), enhanced monitoring every 60 seconds, Performance Insights;
        - a final snapshot and deletion protection when `PROTECTED`; neither, and no automated
          backup left, when `EPHEMERAL`;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the names.
        vpc: in whose private subnets it lives.
        key: encrypts storage, backups, snapshots and performance data.
        secret_key: encrypts the secret with the master credentials.
        log_key: encrypts the exported log; its policy must admit CloudWatch Logs for
            `postgresql_log_group`.
        engine_version: major version of PostgreSQL.
        instances: number of instances, 2 to 16; they take the zones in turn.
        min_capacity: Aurora capacity units, in halves. AWS recommends 2 or more with Performance
            Insights.
        max_capacity: Aurora capacity units, in halves, at most 256.
        backup_retention_period: days, 1 to 35.
        log_retention_in_days: of the exported log, one of the values that CloudWatch Logs knows.
        db_name: database made at the start.
        username: name of the master user.
        boundary: limits the role of enhanced monitoring.

    Raises:
        ArgumentError: an argument outside what RDS allows.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: Vpc,
        key: Key,
        secret_key: Key,
        log_key: Key,
        engine_version: int = 16,
        instances: int = 2,
        min_capacity: float = 2,
        max_capacity: float = 16,
        backup_retention_period: int = 35,
        log_retention_in_days: int = 90,
        db_name: str = "app",
        username: str = "app_owner",
        boundary: Boundary | None = None,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=63)
        check_construct("vpc", vpc, Vpc, context)
        for argument, given in (("key", key), ("secret_key", secret_key), ("log_key", log_key)):
            check_construct(argument, given, Key, context)
        check_range("engine_version", engine_version, 15, 17, "(a major version of PostgreSQL)")
        check_range("instances", instances, 2, 16, "instances")
        check_capacity(min_capacity, max_capacity)
        check_database(db_name, username, backup_retention_period)
        check_choice("log_retention_in_days", log_retention_in_days, RETENTION_DAYS)
        if boundary is not None:
            check_construct("boundary", boundary, Boundary, context)
        final_snapshot = context.name(f"{construct_id}-final", limit=255)
        names = [
            context.name(f"{construct_id}-{number}", limit=63) for number in range(1, instances + 1)
        ]
        super().__init__(scope, construct_id)
        self.name = name
        self.security_group = closed_group(self, construct_id, vpc, name)
        self.subnet_group = private_subnets(self, vpc, name)
        self.parameter_group = RdsClusterParameterGroup(
            self,
            "parameters",
            name=name,
            description=f"Forces TLS on {name}",
            family=f"{_ENGINE}{engine_version}",
            parameter=blocks(RdsClusterParameterGroupParameter(name="rds.force_ssl", value="1")),
            tags=context.tags_for(name),
        )
        self.log_group = LogGroup(
            self,
            f"{construct_id}-log",
            key=log_key,
            retention_in_days=log_retention_in_days,
            name=postgresql_log_group(name),
        )
        protected = context.is_protected
        self.resource = RdsCluster(
            self,
            "cluster",
            cluster_identifier=name,
            engine=_ENGINE,
            engine_mode="provisioned",  # what Serverless v2 is a kind of
            engine_version=str(engine_version),
            serverlessv2_scaling_configuration=RdsClusterServerlessv2ScalingConfiguration(
                min_capacity=min_capacity, max_capacity=max_capacity
            ),
            storage_encrypted=True,
            kms_key_id=key.arn,
            database_name=db_name,
            master_username=username,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=secret_key.arn,
            iam_database_authentication_enabled=True,
            db_subnet_group_name=self.subnet_group.name,
            db_cluster_parameter_group_name=self.parameter_group.name,
            vpc_security_group_ids=[self.security_group.resource.id],
            backup_retention_period=backup_retention_period,
            copy_tags_to_snapshot=True,
            enabled_cloudwatch_logs_exports=["postgresql"],
            deletion_protection=protected,
            delete_automated_backups=not protected,
            skip_final_snapshot=not protected,
            final_snapshot_identifier=final_snapshot if protected else None,
            lifecycle=context.resource_lifecycle,
            tags=context.tags_for(name),
            # Aurora would make the group itself, without a key and without an end.
            depends_on=[self.log_group.resource],
        )
        self.arn: str = self.resource.arn
        self.monitoring_role, monitored = monitoring_role(self, construct_id, name, boundary)
        self.instances = tuple(
            self._instance(number, own, vpc, key, monitored) for number, own in enumerate(names)
        )
        made = (self.resource, *self.instances, self.subnet_group, self.parameter_group)
        context.records.append(make_record(self, "rds.Cluster", made))

    def _instance(
        self, number: int, name: str, vpc: Vpc, key: Key, monitored: Grant
    ) -> RdsClusterInstance:
        context = Context.of(self)
        return RdsClusterInstance(
            self,
            f"instance-{number + 1}",
            identifier=name,
            cluster_identifier=self.resource.id,
            engine=_ENGINE,
            instance_class="db.serverless",
            availability_zone=vpc.zones[number % len(vpc.zones)],
            db_subnet_group_name=self.subnet_group.name,
            publicly_accessible=False,
            auto_minor_version_upgrade=True,
            copy_tags_to_snapshot=True,
            monitoring_interval=60,
            monitoring_role_arn=self.monitoring_role.arn,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=key.arn,
            performance_insights_retention_period=7,
            lifecycle=context.resource_lifecycle,
            tags=context.tags_for(name),
            depends_on=list(monitored.policies),
        )

    def grant_connect(self, grantee: Grantee, *, user: str) -> Grant:
        """Let a role connect as a database user with a token of IAM in place of a password.

        The user must have the role `rds_iam` in the database. Source: Aurora user guide, "Creating
        and using an IAM policy for IAM database access".

        Args:
            grantee: the role.
            user: name of the database user.

        Raises:
            ArgumentError: a name that is not one of a database user.
        """
        check_user("user", user)
        context = Context.of(self)
        return grantee.allow(
            f"{self.node.id}-connect-{user.replace('_', '-')}",
            statement(
                "ConnectToDatabase",
                actions="rds-db:connect",
                resources=context.arn(
                    "rds-db", f"dbuser:{self.resource.cluster_resource_id}/{user}"
                ),
            ),
        )

    @property
    def endpoint(self) -> str:
        """Name of the writer, known after apply."""
        return str(self.resource.endpoint)

    @property
    def reader_endpoint(self) -> str:
        """Name of the readers, known after apply."""
        return str(self.resource.reader_endpoint)

    @property
    def secret_arn(self) -> str:
        """ARN of the secret with the master credentials, known after apply."""
        return cdktn.Token.as_string(self.resource.master_user_secret.get(0).secret_arn)


def check_capacity(low: object, high: object) -> None:
    """Check the capacity of a serverless cluster: halves, from 0.5 to 256, the least first.

    Raises:
        ArgumentError: something else.
    """
    least = _check_halves("min_capacity", low, _SMALLEST)
    _check_halves("max_capacity", high, least)


def _check_halves(argument: str, value: object, least: float) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not least <= value <= _LARGEST
        or value % 0.5
    ):
        refuse(argument, value, f"{least} to {_LARGEST} in steps of 0.5", "take one of these")
    return float(value)
