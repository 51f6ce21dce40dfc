"""A PostgreSQL instance in private subnets."""

from __future__ import annotations

import re

import cdktn
from cdktn_provider_aws.db_instance import DbInstance
from cdktn_provider_aws.db_parameter_group import DbParameterGroup, DbParameterGroupParameter
from constructs import Construct

from revet.constructs.arguments import check_choice, check_flag, check_match, check_range
from revet.constructs.blocks import blocks
from revet.constructs.ec2.vpc import Vpc
from revet.constructs.kms.key import Key
from revet.constructs.logs.group import RETENTION_DAYS, LogGroup
from revet.constructs.placement import check_construct, place
from revet.constructs.rds.database import (
    check_database,
    closed_group,
    postgresql_log_group,
    private_subnets,
)
from revet.constructs.record import make_record

_CLASS = re.compile(r"db\.[a-z0-9]+\.[a-z0-9]+(?:-[a-z0-9]+)*")


class Instance(Construct):
    """A PostgreSQL instance in private subnets, whose master password nobody knows.

    Makes `aws_db_instance`, `aws_db_subnet_group`, `aws_db_parameter_group`, its security group
    (`ec2.SecurityGroup`), and with `log_key` the log group of its log (`logs.LogGroup`).

    Defaults, each with the control that asks for it:
        - private subnets (`rds-instance-private-subnets`), no public address
          (`rds-instance-not-public`), a security group without rules;
        - storage encrypted with `key` (`rds-instance-encryption`);
        - master credentials made and rotated by RDS in Secrets Manager, encrypted with
          `secret_key`: never in code, state or logs (`rds-instance-managed-credentials`);
        - TLS forced by the parameter group (`rds-tls-forced`), IAM authentication on
          (`rds-iam-authentication`);
        - backups for 7 days (`rds-backups`), tags copied to snapshots, minor upgrades automatic;
        - a final snapshot and deletion protection when `PROTECTED`; neither, and no automated
          backup left, when `EPHEMERAL`;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the names.
        vpc: in whose private subnets it lives.
        key: encrypts storage, backups and snapshots.
        secret_key: encrypts the secret with the master credentials.
        engine_version: major version of PostgreSQL.
        instance_class: size.
        allocated_storage: GiB, 20 to 65536.
        multi_az: a standby in another zone.
        backup_retention_period: days, 1 to 35.
        db_name: database made at the start.
        username: name of the master user.
        log_key: encrypts the log of PostgreSQL, which is exported then (`rds-logs-exported`); its
            policy must admit CloudWatch Logs for `postgresql_log_group`.
        log_retention_in_days: of the exported log, one of the values that CloudWatch Logs knows.

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
        engine_version: int = 17,
        instance_class: str = "db.t4g.micro",
        allocated_storage: int = 20,
        multi_az: bool = False,
        backup_retention_period: int = 7,
        db_name: str = "app",
        username: str = "app_owner",
        log_key: Key | None = None,
        log_retention_in_days: int = 90,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=63)
        check_construct("vpc", vpc, Vpc, context)
        check_construct("key", key, Key, context)
        check_construct("secret_key", secret_key, Key, context)
        check_flag("multi_az", multi_az)
        check_match(
            *("instance_class", instance_class, _CLASS),
            *("a class such as `db.t4g.micro`", "name one"),
        )
        check_range("engine_version", engine_version, 15, 18, "(a major version of PostgreSQL)")
        check_range("allocated_storage", allocated_storage, 20, 65536, "GiB")
        if log_key is not None:
            check_construct("log_key", log_key, Key, context)
        check_choice("log_retention_in_days", log_retention_in_days, RETENTION_DAYS)
        check_database(db_name, username, backup_retention_period)
        final_snapshot = context.name(f"{construct_id}-final", limit=255)
        super().__init__(scope, construct_id)
        self.name = name
        self.security_group = closed_group(self, construct_id, vpc, name)
        self.subnet_group = private_subnets(self, vpc, name)
        self.parameter_group = DbParameterGroup(
            self,
            "parameters",
            name=name,
            description=f"Forces TLS on {name}",
            family=f"postgres{engine_version}",
            parameter=blocks(DbParameterGroupParameter(name="rds.force_ssl", value="1")),
            tags=context.tags_for(name),
        )
        self.log_group = (
            None
            if log_key is None
            else LogGroup(
                self,
                f"{construct_id}-log",
                key=log_key,
                retention_in_days=log_retention_in_days,
                name=postgresql_log_group(name, instance=True),
            )
        )
        protected = context.is_protected
        self.resource = DbInstance(
            self,
            "instance",
            identifier=name,
            engine="postgres",
            engine_version=str(engine_version),
            instance_class=instance_class,
            allocated_storage=allocated_storage,
            storage_type="gp3",
            storage_encrypted=True,
            kms_key_id=key.arn,
            db_name=db_name,
            username=username,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=secret_key.arn,
            iam_database_authentication_enabled=True,
            db_subnet_group_name=self.subnet_group.name,
            parameter_group_name=self.parameter_group.name,
            vpc_security_group_ids=[self.security_group.resource.id],
            publicly_accessible=False,
            multi_az=multi_az,
            auto_minor_version_upgrade=True,
            backup_retention_period=backup_retention_period,
            copy_tags_to_snapshot=True,
            deletion_protection=protected,
            delete_automated_backups=not protected,
            skip_final_snapshot=not protected,
            final_snapshot_identifier=final_snapshot if protected else None,
            lifecycle=context.resource_lifecycle,
            tags=context.tags_for(name),
            enabled_cloudwatch_logs_exports=None if self.log_group is None else ["postgresql"],
            # RDS would make the group itself, without a key and without an end.
            depends_on=None if self.log_group is None else [self.log_group.resource],
        )
        self.arn: str = self.resource.arn
        made = (self.resource, self.subnet_group, self.parameter_group)
        context.records.append(make_record(self, "rds.Instance", made))

    @property
    def secret_arn(self) -> str:
        """ARN of the secret with the master credentials, known after apply."""
        return cdktn.Token.as_string(self.resource.master_user_secret.get(0).secret_arn)
