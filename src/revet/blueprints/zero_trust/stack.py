"""The zero-trust stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import cdktn
from constructs import Construct

from revet.blueprints.zero_trust.rules import add_rules
from revet.blueprints.zero_trust.variables import add_variables, check_ranges
from revet.constructs import iam, kms, s3
from revet.constructs.arguments import (
    check_choice,
    check_flag,
    check_region,
    check_suffix,
    check_tags,
    check_text,
    check_vpc_cidr,
)
from revet.constructs.config import Recorder
from revet.constructs.context import (
    Context,
    Lifecycle,
    check_lifecycle,
    set_target_versions,
)
from revet.constructs.ec2 import (
    GatewayEndpoint,
    InterfaceEndpoint,
    NetworkAcl,
    SecurityGroup,
    Vpc,
)
from revet.constructs.ec2.endpoint_services import (
    INTERFACE_SERVICES,
    check_organization,
    has_fips,
)
from revet.constructs.logs import LogGroup
from revet.constructs.outputs import Outputs
from revet.constructs.placement import check_scope
from revet.constructs.policy import statement
from revet.constructs.record import make_record
from revet.constructs.state_backend import Lock, StateBackend, check_lock, check_state_bucket

PREFIX = "zt"
_FLOW_LOGS = "flow-logs"
_APPLICATION_LOG = "application-log"
_HTTPS = 443
_ALLOWED = "var.allowed_cidr_blocks"
_KEEP_AUDIT_LOGS = 2557


class ZeroTrustStack(cdktn.TerraformStack):
    """A private network whose only ways out are endpoints of this account, and what watches it.

    Composes `revet.StateBackend`, variables (owner, environment, ranges), `iam.Boundary`,
    `iam.Role` (application, auditor), `kms.Key` (data, logs), `s3.Bucket` (data, audit),
    `logs.LogGroup`, `ec2.Vpc`, `ec2.NetworkAcl`, `ec2.GatewayEndpoint`, `ec2.InterfaceEndpoint`,
    `ec2.SecurityGroup`, `config.Recorder`, `config.ManagedRule`, `config.Remediation` with
    `ssm.Automation`, and `revet.Outputs`; `requirements.toml` beside this file says which
    requirement each implements.

    Args:
        scope: the app.
        construct_id: id of the stack; the state's key ends in it.
        environment_suffix: default of the variable `environment`, the end of every name: 1 to 20
            of a-z, 0-9 and inner hyphens.
        aws_region: region of the stack, of AWS, AWS in China or GovCloud.
        state_bucket: bucket that holds the state.
        state_bucket_region: its region.
        default_tags: more tags for everything.
        lifecycle: `PROTECTED` or `EPHEMERAL`.
        owner: default of the variable `owner`, the tag `Owner`.
        purpose: the tag `Purpose`.
        allowed_cidr_blocks: default of the variable of this name: IPv4 ranges outside the VPC, of
            the company's network, that reach the endpoints.
        vpc_cidr: IPv4 range of the VPC, /16 to /24.
        zones: number of zones, 2 or 3.
        organization_id: `o-…`, whose principals and resources pass the endpoints; empty for this
            account alone.
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
        owner: str = "unassigned",
        purpose: str = "zero-trust",
        allowed_cidr_blocks: Sequence[str] = (),
        vpc_cidr: str = "10.0.0.0/16",
        zones: int = 2,
        organization_id: str = "",
        has_config_role: bool = False,
        lock: str = Lock.LOCKFILE,
    ) -> None:
        check_scope(scope, construct_id)
        check_suffix("environment_suffix", environment_suffix)
        check_region("aws_region", aws_region)
        check_lifecycle(lifecycle, environment_suffix)
        check_state_bucket(state_bucket, state_bucket_region)
        network = check_vpc_cidr("vpc_cidr", vpc_cidr)
        check_lock(lock)
        check_choice("zones", zones, (2, 3))
        check_organization(organization_id)
        check_flag("has_config_role", has_config_role)
        check_text("owner", owner, 1, 256, "name who answers for the stack")
        check_text("purpose", purpose, 1, 256, "say what the stack is for")
        ranges = check_ranges(allowed_cidr_blocks, network)
        tags = check_tags("default_tags", {} if default_tags is None else default_tags)
        super().__init__(scope, construct_id)
        set_target_versions(self)
        self.environment, self.owner = add_variables(
            self, environment_suffix, owner, ranges, lifecycle
        )
        self.context = Context(
            self,
            prefix=PREFIX,
            environment_suffix=environment_suffix,
            region=aws_region,
            lifecycle=lifecycle,
            tags={
                "Environment": self.environment.string_value,
                "Owner": self.owner.string_value,
                "Purpose": purpose,
                **tags,
            },
            environment=self.environment.string_value,
        )
        self.backend = StateBackend(
            self,
            "state",
            bucket=state_bucket,
            bucket_region=state_bucket_region,
            environment_suffix=environment_suffix,
            lock=lock,
        )
        self._add_roles()
        self._add_storage()
        self._add_network(vpc_cidr, zones)
        self._add_endpoints(organization_id)
        self._add_config(has_config_role=has_config_role)
        self._add_outputs()

    def _add_roles(self) -> None:
        self.boundary = iam.Boundary(
            self,
            "boundary",
            services=["config", "ec2messages", "kms", "logs", "s3", "ssm", "ssmmessages"],
        )
        self.application_role = iam.Role(
            self,
            "application",
            description="Instances of the application: its data, its log and Systems Manager",
            assumed_by=iam.InstancePrincipal(),
            boundary=self.boundary,
        )
        self.auditor_role = iam.Role(
            self,
            "auditor",
            description="People who read audit logs and the findings of AWS Config",
            assumed_by=iam.PeopleOfAccount(),
            boundary=self.boundary,
        )

    def _add_storage(self) -> None:
        name = self.context.name
        self.data_key = kms.Key(
            self,
            "data-key",
            description="Encrypts application data",
            rotation_period_in_days=90,
            users=[self.application_role],
        )
        self.logs_key = kms.Key(
            self,
            "logs-key",
            description="Encrypts logs and what AWS Config delivers",
            rotation_period_in_days=90,
            service_access=[
                kms.cloudwatch_logs(name(_FLOW_LOGS, limit=512), name(_APPLICATION_LOG, limit=512)),
                kms.config(),
            ],
            users=[self.auditor_role],
        )
        self.data_bucket = s3.Bucket(self, "data", key=self.data_key)
        self.audit_bucket = s3.Bucket(
            self,
            "audit",
            key=self.logs_key,
            service_access=[s3.config()],
            expiration_days=_KEEP_AUDIT_LOGS,
        )
        self.flow_log_group = LogGroup(self, _FLOW_LOGS, key=self.logs_key, retention_in_days=90)
        self.application_log_group = LogGroup(
            self, _APPLICATION_LOG, key=self.logs_key, retention_in_days=90
        )
        self.data_bucket.grant_read(self.application_role)
        self.data_bucket.grant_put(self.application_role)
        self.application_log_group.grant_write(self.application_role)
        self.audit_bucket.grant_read(self.auditor_role)

    def _add_network(self, vpc_cidr: str, zones: int) -> None:
        self.vpc = Vpc(
            self,
            "vpc",
            flow_log_group=self.flow_log_group,
            cidr_block=vpc_cidr,
            zones=zones,
            boundary=self.boundary,
        )
        self.endpoint_security_group = SecurityGroup(
            self, "endpoints", vpc=self.vpc, description="Endpoints of services of AWS"
        )
        self.application_security_group = SecurityGroup(
            self, "workload", vpc=self.vpc, description="Instances of the application"
        )
        self.endpoint_security_group.allow_from(
            self.application_security_group,
            port=_HTTPS,
            description="HTTPS from the application to services of AWS",
        )
        self.endpoint_security_group.allow_from_each(
            "allowed",
            _ALLOWED,
            port=_HTTPS,
            description="HTTPS from an allowed range to services of AWS",
        )

    def _add_endpoints(self, organization_id: str) -> None:
        self.s3_endpoint = GatewayEndpoint(
            self, "s3", vpc=self.vpc, service="s3", organization_id=organization_id
        )
        self.application_security_group.allow_to(
            self.s3_endpoint.prefix_list,
            name="s3",
            port=_HTTPS,
            description="HTTPS from the application to S3",
        )
        self.network_acl = NetworkAcl(
            self,
            "private",
            vpc=self.vpc,
            gateways=[self.s3_endpoint],
            allow_from=_ALLOWED,
        )
        wanted = [(service, False) for service in INTERFACE_SERVICES]
        wanted += [
            (service, True)
            for service in INTERFACE_SERVICES
            if has_fips(service, self.context.region)
        ]
        self.interface_endpoints = {
            (f"{service}-fips" if fips else service): InterfaceEndpoint(
                self,
                f"{service}-fips" if fips else service,
                vpc=self.vpc,
                service=service,
                security_group=self.endpoint_security_group,
                fips=fips,
                organization_id=organization_id,
            )
            for service, fips in wanted
        }
        self.application_role.allow("systems-manager", *_managed_instance(self.context))

    def _add_config(self, *, has_config_role: bool) -> None:
        self.recorder = Recorder(
            self,
            "recorder",
            bucket=self.audit_bucket,
            has_service_linked_role=has_config_role,
        )
        self.rules, self.remediation_role = add_rules(
            self, recorder=self.recorder, key=self.data_key, boundary=self.boundary
        )
        self.auditor_role.allow(
            "config-read",
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

    def _add_outputs(self) -> None:
        values: dict[str, Any] = {
            "account_id": self.context.account_id,
            "region": self.context.region,
            "environment": self.context.environment,
            "data_key_arn": self.data_key.arn,
            "logs_key_arn": self.logs_key.arn,
            "data_bucket_name": self.data_bucket.resource.id,
            "data_bucket_arn": self.data_bucket.arn,
            "audit_bucket_name": self.audit_bucket.resource.id,
            "audit_bucket_arn": self.audit_bucket.arn,
            "vpc_id": self.vpc.resource.id,
            "private_subnet_ids": self.vpc.private_subnet_ids,
            "s3_endpoint_id": self.s3_endpoint.resource.id,
            **{
                f"{name.replace('-', '_')}_endpoint_id": endpoint.resource.id
                for name, endpoint in self.interface_endpoints.items()
            },
            "endpoint_security_group_id": self.endpoint_security_group.resource.id,
            "application_security_group_id": self.application_security_group.resource.id,
            "flow_log_group_name": self.flow_log_group.resource.name,
            "application_log_group_name": self.application_log_group.resource.name,
            "boundary_arn": self.boundary.arn,
            "application_role_arn": self.application_role.arn,
            "auditor_role_arn": self.auditor_role.arn,
            "remediation_role_arn": self.remediation_role.arn,
            "flow_log_role_arn": self.vpc.flow_log_role.arn,
            "config_recorder_name": self.recorder.resource.name,
            **{f"{name.replace('-', '_')}_rule_arn": rule.arn for name, rule in self.rules.items()},
        }
        Outputs(self, "outputs", values=values)
        self.context.records.append(make_record(self, "zero_trust.ZeroTrustStack", ()))


def _managed_instance(context: Context) -> list[dict[str, object]]:
    """What the agent of Systems Manager needs to open sessions, and no parameters or documents.

    Source: Systems Manager user guide, "Additional sample IAM policies for Session Manager"; the
    message channels know no resources.
    """
    return [
        statement(
            "RegisterInstance",
            actions="ssm:UpdateInstanceInformation",
            resources=context.arn("ec2", "instance/*"),
        ),
        statement(
            "OpenChannels",
            actions=(
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ),
        ),
    ]
