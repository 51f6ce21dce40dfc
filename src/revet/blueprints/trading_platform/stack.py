"""The PCI trading platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cdktn
from constructs import Construct

from revet.blueprints.trading_platform.archive import Archive
from revet.blueprints.trading_platform.market_data import MarketData
from revet.blueprints.trading_platform.rules import add_rules
from revet.constructs import dynamodb, iam, kms, rds, s3
from revet.constructs.apigateway import Cors, Domain
from revet.constructs.arguments import (
    check_choice,
    check_flag,
    check_region,
    check_suffix,
    check_tags,
    check_text,
)
from revet.constructs.config import Recorder
from revet.constructs.context import (
    Context,
    Lifecycle,
    check_lifecycle,
    set_target_versions,
)
from revet.constructs.ec2 import GatewayEndpoint, NetworkAcl, SecurityGroup, Vpc
from revet.constructs.logs import LogGroup
from revet.constructs.outputs import Outputs
from revet.constructs.placement import check_scope
from revet.constructs.policy import statement
from revet.constructs.record import make_record
from revet.constructs.region_guard import RegionGuard
from revet.constructs.state_backend import Lock, StateBackend, check_lock, check_state_bucket

PREFIX = "ta"
CLASSIFICATIONS = ("cardholder-data", "confidential", "internal", "restricted")
RETENTION_DAYS = 30
ARCHIVE_AFTER_DAYS = 90
KEEP_LOGS_DAYS = 400
_CIDR_BLOCK = "10.0.0.0/16"
_ZONES = 3
_HTTPS = 443
_FLOW_LOGS = "flow-logs"
_DATABASE = "ledger-db"
_INTERNET = "functions in private subnets reach services of AWS that have no gateway endpoint"
_ACCESS_LOGS = "server access logs can only be delivered to a bucket with a key of S3's own"


class TradingPlatformStack(cdktn.TerraformStack):
    """Takes market data in by an API, turns it into analytics, and keeps every log of it.

    Composes `revet.StateBackend`, `kms.Key` (database, S3, functions, tables, secrets, logs),
    `ec2.Vpc` over three zones, `ec2.NetworkAcl`, `ec2.GatewayEndpoint`, `rds.Cluster`,
    `dynamodb.Table` (sessions, API keys), `s3.Bucket` (ingestion, analytics, archive, Config,
    access logs), `s3.Notification`, `sqs.Queue` (dead letters), `lambda_.Function`,
    `apigateway.RestApi`, `wafv2.WebAcl`, `firehose.DeliveryStream`,
    `firehose.SubscriptionFilter`, `logs.MetricFilter`, `cloudwatch.Alarm`, `sns.Topic`,
    `config.Recorder`, `config.ManagedRule`, `iam.Role` (auditor, key issuer) and `revet.Outputs`;
    `requirements.toml` beside this file says which requirement each implements.

    Args:
        scope: the app.
        construct_id: id of the stack; the state's key ends in it.
        environment_suffix: end of every name: 1 to 20 of a-z, 0-9 and inner hyphens.
        aws_region: region of the stack; Terraform refuses one with fewer than three zones.
        state_bucket: bucket that holds the state.
        state_bucket_region: its region.
        default_tags: more tags for everything.
        lifecycle: `PROTECTED` or `EPHEMERAL`.
        cost_center: the tag `CostCenter`.
        data_classification: the tag `DataClassification`, one of `CLASSIFICATIONS`.
        allowed_origin: the site whose pages may call the API from a browser.
        domain_name: a name of one's own for the API, which then takes TLS 1.2 alone; empty for
            the name that AWS gives it.
        certificate_arn: of ACM, for that name.
        has_config_role: whether the account has the service-linked role of AWS Config.
        lock: `lockfile`, `dynamodb` or `both`.

    Raises:
        ArgumentError: an argument that is not allowed.
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
        default_tags: Mapping[str, str] | None = None,
        lifecycle: str = Lifecycle.PROTECTED,
        cost_center: str = "unassigned",
        data_classification: str = "restricted",
        allowed_origin: str = "https://trading.example.com",
        domain_name: str = "",
        certificate_arn: str = "",
        has_config_role: bool = False,
        lock: str = Lock.LOCKFILE,
    ) -> None:
        check_scope(scope, construct_id)
        check_suffix("environment_suffix", environment_suffix)
        check_region("aws_region", aws_region)
        check_lifecycle(lifecycle, environment_suffix)
        check_state_bucket(state_bucket, state_bucket_region)
        check_lock(lock)
        check_flag("has_config_role", has_config_role)
        check_text("cost_center", cost_center, 1, 256, "name who pays for the stack")
        check_choice("data_classification", data_classification, CLASSIFICATIONS)
        cors = Cors(allowed_origin)
        cors.check()
        domain = Domain(domain_name, certificate_arn) if domain_name or certificate_arn else None
        if domain is not None:
            domain.check()
        tags = check_tags("default_tags", {} if default_tags is None else default_tags)
        super().__init__(scope, construct_id)
        set_target_versions(self)
        self.context = Context(
            self,
            prefix=PREFIX,
            environment_suffix=environment_suffix,
            region=aws_region,
            lifecycle=lifecycle,
            tags={
                "Environment": environment_suffix,
                "CostCenter": cost_center,
                "Compliance": "PCI-DSS",
                "DataClassification": data_classification,
                **tags,
            },
            region_guard=RegionGuard(),
        )
        self.backend = StateBackend(
            self,
            "state",
            bucket=state_bucket,
            bucket_region=state_bucket_region,
            environment_suffix=environment_suffix,
            lock=lock,
        )
        self._add_people()
        self._add_keys()
        self._add_buckets()
        self._add_network()
        self._add_data()
        self.market_data = MarketData(
            self, cors=cors, domain=domain, retention_in_days=RETENTION_DAYS
        )
        self.archive = Archive(self, retention_in_days=RETENTION_DAYS)
        self._add_config(has_config_role=has_config_role)
        self._grant_people()
        self._add_outputs()

    def _add_people(self) -> None:
        """No user and no group: people assume a role, with MFA, and reach no data by it."""
        self.auditor_role = iam.Role(
            self,
            "auditor-role",
            description="People who read the archive of logs and the findings of AWS Config",
            assumed_by=iam.PeopleOfAccount(),
        )
        self.key_issuer_role = iam.Role(
            self,
            "key-issuer-role",
            description="People who enter the hashes of API keys, and take them out",
            assumed_by=iam.PeopleOfAccount(),
        )

    def _add_keys(self) -> None:
        name = self.context.name
        self.database_key = kms.Key(
            self, "database-key", description="Encrypts the database and its backups"
        )
        self.s3_key = kms.Key(
            self,
            "s3-key",
            description="Encrypts market data, analytics, the archive and what Config delivers",
            service_access=[
                kms.config(),
                kms.roles(*(name(role, limit=64) for role in (*MarketData.ROLES, *Archive.ROLES))),
            ],
            users=[self.auditor_role],
        )
        self.lambda_key = kms.Key(
            self,
            "lambda-key",
            description="Encrypts environments, logs and dead letters of functions",
            service_access=[
                kms.cloudwatch_logs(
                    *(name(f"{function}-log", limit=512) for function in MarketData.FUNCTIONS)
                )
            ],
        )
        self.dynamodb_key = kms.Key(
            self, "dynamodb-key", description="Encrypts sessions and hashes of API keys"
        )
        self.secrets_key = kms.Key(
            self, "secrets-key", description="Encrypts the secret of the database's master user"
        )
        self.logs_key = kms.Key(
            self,
            "logs-key",
            description="Encrypts logs, their way into the archive, and alarms",
            service_access=[
                kms.cloudwatch_logs(
                    name(_FLOW_LOGS, limit=512),
                    *(name(group, limit=512) for group in MarketData.LOG_GROUPS),
                    f"aws-waf-logs-{name(MarketData.FIREWALL, limit=512)}",
                    rds.postgresql_log_group(name(_DATABASE, limit=63)),
                    name(Archive.ERRORS, limit=512),
                ),
                kms.api_gateway_execution_logs(MarketData.STAGE),
                kms.cloudwatch_alarms(),
            ],
        )

    def _add_buckets(self) -> None:
        self.access_log_bucket = s3.Bucket(
            self,
            "access-bucket",
            sse_s3=_ACCESS_LOGS,
            service_access=[s3.server_access_logs(self.context.unique_name("*", limit=63))],
            archive_after_days=ARCHIVE_AFTER_DAYS,
            expiration_days=KEEP_LOGS_DAYS,
        )
        self.ingestion_bucket = self._bucket("ingestion-bucket")
        self.analytics_bucket = self._bucket("analytics-bucket")
        self.archive_bucket = self._bucket("archive-bucket", KEEP_LOGS_DAYS)
        self.config_bucket = self._bucket("config-bucket", KEEP_LOGS_DAYS, s3.config())

    def _bucket(self, name: str, days: int | None = None, *access: s3.BucketAccess) -> s3.Bucket:
        return s3.Bucket(
            self,
            name,
            key=self.s3_key,
            access_log_bucket=self.access_log_bucket,
            service_access=access,
            archive_after_days=ARCHIVE_AFTER_DAYS,
            expiration_days=days,
        )

    def _add_network(self) -> None:
        self.flow_log_group = LogGroup(
            self, _FLOW_LOGS, key=self.logs_key, retention_in_days=RETENTION_DAYS
        )
        self.vpc = Vpc(
            self,
            "vpc",
            flow_log_group=self.flow_log_group,
            cidr_block=_CIDR_BLOCK,
            zones=_ZONES,
            nat="each",
            allow_internet=_INTERNET,
        )
        self.gateways = tuple(
            GatewayEndpoint(self, f"{service}-endpoint", vpc=self.vpc, service=service)
            for service in ("dynamodb", "s3")
        )
        self.function_security_group = SecurityGroup(
            self, "function-sg", vpc=self.vpc, description="Functions of the platform"
        )
        for gateway in self.gateways:
            self.function_security_group.allow_to(
                gateway.prefix_list,
                name=gateway.node.id,
                port=_HTTPS,
                description="HTTPS from functions to tables and buckets",
            )
        self.network_acl = NetworkAcl(self, "private-acl", vpc=self.vpc, gateways=self.gateways)

    def _add_data(self) -> None:
        self.database = rds.Cluster(
            self,
            _DATABASE,
            vpc=self.vpc,
            key=self.database_key,
            secret_key=self.secrets_key,
            log_key=self.logs_key,
            log_retention_in_days=RETENTION_DAYS,
            db_name="ledger",
        )
        self.sessions_table = dynamodb.Table(
            self,
            "sessions-table",
            key=self.dynamodb_key,
            hash_key="client_id",
            ttl_attribute="expires_at",
        )
        self.keys_table = dynamodb.Table(
            self, "api-keys-table", key=self.dynamodb_key, hash_key="key_hash"
        )

    def _add_config(self, *, has_config_role: bool) -> None:
        self.recorder = Recorder(
            self,
            "config-recorder",
            bucket=self.config_bucket,
            has_service_linked_role=has_config_role,
        )
        self.rules = add_rules(self, recorder=self.recorder, retention_in_days=RETENTION_DAYS)

    def _grant_people(self) -> None:
        self.archive_bucket.grant_read(self.auditor_role)
        self.auditor_role.allow(
            "config-read-policy",
            statement(
                "ReadConfig",
                actions=(
                    "config:DescribeComplianceByConfigRule",
                    "config:DescribeConfigRules",
                    "config:DescribeConfigurationRecorderStatus",
                    "config:GetComplianceDetailsByConfigRule",
                    "config:GetResourceConfigHistory",
                ),
            ),
        )
        self.keys_table.grant(self.key_issuer_role, operations=["DeleteItem", "PutItem"])

    def _add_outputs(self) -> None:
        market = self.market_data
        values: dict[str, Any] = {
            "account_id": self.context.account_id,
            "region": self.context.region,
            "environment": self.context.environment,
            "vpc_id": self.vpc.resource.id,
            "database_endpoint": self.database.endpoint,
            "database_arn": self.database.arn,
            "database_secret_arn": self.database.secret_arn,
            "api_url": market.api.url,
            "dead_letters_url": market.dead_letters.resource.url,
            "critical_alarm_name": self.archive.alarm.resource.alarm_name,
            **{
                f"{name}_bucket_{word}": value
                for name, bucket in (
                    ("ingestion", self.ingestion_bucket),
                    ("analytics", self.analytics_bucket),
                    ("archive", self.archive_bucket),
                    ("config", self.config_bucket),
                )
                for word, value in (("name", bucket.resource.id), ("arn", bucket.arn))
            },
            "sessions_table_arn": self.sessions_table.arn,
            "api_keys_table_arn": self.keys_table.arn,
            **{
                f"{name}_key_arn": key.arn
                for name, key in (
                    ("database", self.database_key),
                    ("s3", self.s3_key),
                    ("lambda", self.lambda_key),
                    ("dynamodb", self.dynamodb_key),
                    ("secrets", self.secrets_key),
                    ("logs", self.logs_key),
                )
            },
            **{
                f"{name.removesuffix('-fn')}_role_arn": function.role.arn
                for name, function in market.functions.items()
            },
            "logs_delivery_role_arn": self.archive.all_events.delivery_role.arn,
            "critical_delivery_role_arn": self.archive.critical_events.delivery_role.arn,
            "auditor_role_arn": self.auditor_role.arn,
            "key_issuer_role_arn": self.key_issuer_role.arn,
            "config_recorder_name": self.recorder.resource.name,
            **{f"{name.replace('-', '_')}_rule_arn": rule.arn for name, rule in self.rules.items()},
        }
        Outputs(self, "outputs", values=values)
        self.context.records.append(make_record(self, "trading_platform.TradingPlatformStack", ()))
