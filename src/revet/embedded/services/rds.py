"""RDS: what moto forgets of instances, parameter groups, clusters and managed credentials.

- Performance Insights settings are dropped: Terraform would turn them on at every apply.
- All instances share one `DbiResourceId`, which `rds-db:connect` policies name.
- Parameters have no `Source`: Terraform takes them for AWS's defaults and sets them at every
  apply. (RDS API Reference, Parameter: `user` for what was set by ModifyDBParameterGroup.)
- DescribeDBParameters and DescribeDBClusterParameters answer parameters of every `Source`,
  whichever is asked for.
- ResetDBParameterGroup and ResetDBClusterParameterGroup are missing: no parameter could be taken
  out of a group.
- The secret of a managed master user always holds `admin` and one password that anybody can read
  in moto's source, and does not rotate. (RDS User Guide, "Password management with Amazon RDS and
  AWS Secrets Manager": RDS rotates it every seven days.)
- ModifyDBSubnetGroup loses the group that it changes.
- An instance that is made without `PubliclyAccessible` says nothing of it. (RDS API Reference,
  CreateDBInstance: it is public when its VPC, the default one without a subnet group, has an
  internet gateway.)
- Provisioned clusters report an empty `ScalingConfigurationInfo`, which Terraform reads as a
  configuration that it must remove.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.rds.exceptions import DBSubnetGroupNotFoundError
from moto.rds.models import (
    DBCluster,
    DBClusterParameterGroup,
    DBInstance,
    DBParameterGroup,
    DBSubnetGroup,
    MasterUserSecret,
    RDSBackend,
)
from moto.rds.responses import RDSResponse
from moto.secretsmanager.models import FakeSecret

from revet.embedded.call import Moto
from revet.embedded.patching import add, replace

_INSIGHTS_RETENTION_DAYS = 7
_SECRET_ROTATION_DAYS = 7


def install() -> None:
    """Put the changes in place."""
    replace(DBInstance, "__init__", _init)
    add(DBInstance, performance_insights_enabled, as_property=True)
    replace(DBParameterGroup, "update_parameters", _set_by_user)
    replace(DBClusterParameterGroup, "update_cluster_parameters", _set_by_user)
    for operation in ("describe_db_parameters", "describe_db_cluster_parameters"):
        replace(RDSResponse, operation, _of_source)
    add(RDSResponse, reset_db_parameter_group, reset_db_cluster_parameter_group)
    replace(MasterUserSecret, "_generate_secret_string", lambda _: _credentials)
    replace(MasterUserSecret, "_create_secret", _rotating)
    replace(RDSBackend, "modify_db_subnet_group", _modify_subnet_group)
    replace(DBCluster, "scaling_configuration_info", _only_when_set)


def _init(original: Callable[..., None]) -> Callable[..., None]:
    def __init__(self: Moto, *args: Moto, **kwargs: Moto) -> None:  # noqa: N807 - it is one
        original(self, *args, **kwargs)
        self.dbi_resource_id = (
            f"db-{base64.b32encode(secrets.token_bytes(16)).decode().rstrip('=')}"
        )
        if self.publicly_accessible is None:
            self.publicly_accessible = _is_public(self)
        self.enable_performance_insights = bool(kwargs.get("enable_performance_insights"))
        for name in ("performance_insights_kms_key_id", "performance_insights_retention_period"):
            setattr(self, name, kwargs.get(name))
        if self.enable_performance_insights and not self.performance_insights_retention_period:
            self.performance_insights_retention_period = _INSIGHTS_RETENTION_DAYS

    return __init__


def _is_public(instance: Moto) -> bool:
    """Whether an instance is public where nobody says so."""
    network = ec2_backends[instance.account_id][instance.region]
    group = getattr(instance, "db_subnet_group", None)
    vpc = group.vpc_id if group is not None else getattr(network.default_vpc, "id", None)
    attached = {getattr(one.vpc, "id", None) for one in network.internet_gateways.values()}
    return vpc is not None and vpc in attached


def performance_insights_enabled(self: Moto) -> bool:
    """What DescribeDBInstances calls the setting that CreateDBInstance calls `Enable…`."""
    return bool(getattr(self, "enable_performance_insights", False))


def _of_source(original: Callable[[Moto], ActionResult]) -> Callable[[Moto], ActionResult]:
    def describe(self: Moto) -> ActionResult:
        answer: Moto = original(self)
        source = self.params.get("Source")
        found = [one for one in answer.result["Parameters"] if source in (None, one.get("Source"))]
        return ActionResult({**answer.result, "Parameters": found})

    return describe


def _set_by_user(original: Callable[..., None]) -> Callable[..., None]:
    def update(self: Moto, new_parameters: Iterable[dict[str, Any]]) -> None:
        original(self, [{**parameter, "Source": "user"} for parameter in new_parameters])

    return update


def reset_db_parameter_group(self: Moto) -> ActionResult:
    """Take parameters out of a group, so that the engine's defaults hold again."""
    name = self.params.get("DBParameterGroupName")
    found = self.backend.describe_db_parameter_groups({"db_parameter_group_name": name})
    _reset(found[0], self.params)
    return ActionResult({"DBParameterGroupName": name})


def reset_db_cluster_parameter_group(self: Moto) -> ActionResult:
    """Take parameters out of a cluster's group."""
    name = self.params.get("DBClusterParameterGroupName")
    _reset(self.backend.db_cluster_parameter_groups[name], self.params)
    return ActionResult({"DBClusterParameterGroupName": name})


def _reset(group: Moto, asked: Moto) -> None:
    if asked.get("ResetAllParameters"):
        group.parameters.clear()
    for parameter in asked.get("Parameters", []):
        group.parameters.pop(parameter["ParameterName"], None)


def _credentials(self: Moto) -> str:
    user = self.resource.master_username
    return json.dumps({"username": user, "password": secrets.token_urlsafe(24)})


def _rotating(original: Callable[..., FakeSecret]) -> Callable[..., FakeSecret]:
    def create(self: Moto, kms_key_id: str | None) -> FakeSecret:
        secret = original(self, kms_key_id)
        secret.rotation_requested = secret.rotation_enabled = True
        secret.auto_rotate_after_days = _SECRET_ROTATION_DAYS
        return secret

    return create


def _modify_subnet_group(original: Callable[..., DBSubnetGroup]) -> Callable[..., DBSubnetGroup]:
    def modify_db_subnet_group(
        self: RDSBackend, subnet_name: str, description: str, subnets: list[Moto]
    ) -> DBSubnetGroup:
        if subnet_name not in self.subnet_groups:
            raise DBSubnetGroupNotFoundError(subnet_name)
        group = original(self, subnet_name, description, subnets)
        self.subnet_groups[subnet_name] = group
        return group

    return modify_db_subnet_group


def _only_when_set(original: property) -> property:
    def scaling_configuration_info(self: Moto) -> dict[str, Any] | None:
        if not self.scaling_configuration:
            return None
        info: dict[str, Any] = original.__get__(self)
        return info

    return property(scaling_configuration_info)
