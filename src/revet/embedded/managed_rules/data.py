"""Managed rules for what holds data: volumes, databases, tables, secrets, logs, functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from revet.embedded.call import Moto
from revet.embedded.managed_rules.rule import (
    NOT_APPLICABLE,
    Finding,
    ManagedRule,
    Parameters,
    Place,
    Subject,
    complies,
    listed,
    number,
    violates,
)

Lister = Callable[[Place], Iterator[Subject]]
_VOLUME = "AWS::EC2::Volume"
_DATABASE = "AWS::RDS::DBInstance"
_CLUSTER = "AWS::RDS::DBCluster"
_TABLE = "AWS::DynamoDB::Table"
_SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - the name of a type
_LOG_GROUP = "AWS::Logs::LogGroup"
_FUNCTION = "AWS::Lambda::Function"
_YEAR = 365
"""What a group must keep its events for, where the rule does not say."""


def _volumes(place: Place) -> Iterator[Subject]:
    for volume in place.backend("ec2").volumes.values():
        yield Subject(_VOLUME, volume.id, volume)


def _volume_encrypted(volume: Subject, parameters: Parameters, _place: Place) -> Finding:
    if volume.thing.attachment is None:
        return NOT_APPLICABLE
    return _with_key(
        volume.thing.encrypted, volume.thing.kms_key_id, listed(parameters.get("kmsId"))
    )


def _databases(place: Place) -> Iterator[Subject]:
    for database in place.backend("rds").databases.values():
        yield Subject(_DATABASE, database.dbi_resource_id, database)


def _database_encrypted(database: Subject, parameters: Parameters, _place: Place) -> Finding:
    thing = database.thing
    return _with_key(thing.storage_encrypted, thing.kms_key_id, listed(parameters.get("kmsKeyId")))


def _clusters(place: Place) -> Iterator[Subject]:
    for cluster in place.backend("rds").clusters.values():
        yield Subject(_CLUSTER, cluster.db_cluster_resource_id, cluster)


def _cluster_encrypted(cluster: Subject, _parameters: Parameters, _place: Place) -> Finding:
    return complies(cluster.thing.storage_encrypted, "The cluster is not encrypted.")


def _database_private(database: Subject, _parameters: Parameters, _place: Place) -> Finding:
    return complies(not database.thing.publicly_accessible, "The database is publicly accessible.")


def _with_key(encrypted: object, key: str | None, wanted: list[str]) -> Finding:
    if not encrypted:
        return violates("It is not encrypted.")
    names = {key, (key or "").rpartition("/")[2]}
    return complies(
        not wanted or names & set(wanted), "It is encrypted with another key than the rule wants."
    )


def _tables(place: Place) -> Iterator[Subject]:
    for table in place.backend("dynamodb").tables.values():
        yield Subject(_TABLE, table.name, table)


def _recoverable(table: Subject, _parameters: Parameters, _place: Place) -> Finding:
    recovery = table.thing.continuous_backups["PointInTimeRecoveryDescription"]
    return complies(
        recovery["PointInTimeRecoveryStatus"] == "ENABLED",
        "Point-in-time recovery is not enabled.",
    )


def _table_encrypted(table: Subject, parameters: Parameters, _place: Place) -> Finding:
    shown = table.thing.describe()["TableDescription"].get("SSEDescription") or {}
    by_kms = shown.get("Status") in ("ENABLED", "ENABLING")
    key = shown.get("KMSMasterKeyArn")
    return _with_key(by_kms, key, listed(parameters.get("kmsKeyArns")))


def _secrets(place: Place) -> Iterator[Subject]:
    for secret in place.backend("secretsmanager").secrets.values():
        if not secret.is_deleted():
            yield Subject(_SECRET, secret.arn, secret)


def _secret_rotates(secret: Subject, parameters: Parameters, _place: Place) -> Finding:
    thing: Moto = getattr(secret.thing, "source", secret.thing)  # a replica: as its primary
    if not thing.rotation_enabled:
        return violates("The secret does not rotate.")
    most = number(parameters, "maximumAllowedRotationFrequency")
    days = thing.auto_rotate_after_days
    return complies(
        most is None or 0 < (days or 0) <= most, "The secret rotates more seldom than allowed."
    )


def _log_groups(place: Place) -> Iterator[Subject]:
    for group in place.backend("logs").groups.values():
        yield Subject(_LOG_GROUP, group.name, group)


def _log_group_encrypted(group: Subject, parameters: Parameters, _place: Place) -> Finding:
    key = group.thing.kms_key_id
    return _with_key(key, key, listed(parameters.get("KmsKeyId")))


def _log_group_kept(group: Subject, parameters: Parameters, _place: Place) -> Finding:
    """A group without a retention keeps its events for ever."""
    names = listed(parameters.get("LogGroupNames"))
    if names and group.id not in names:
        return NOT_APPLICABLE
    least = number(parameters, "MinRetentionTime") or _YEAR
    kept = group.thing.retention_in_days
    return complies(not kept or int(kept) >= least, "Events are not kept for long enough.")


def _functions(place: Place) -> Iterator[Subject]:
    for function in place.backend("lambda").list_functions():
        yield Subject(_FUNCTION, function.function_name, function)


def _in_network(function: Subject, parameters: Parameters, _place: Place) -> Finding:
    subnets: Moto = (function.thing.vpc_config or {}).get("SubnetIds") or []
    wanted = listed(parameters.get("subnetIds"))
    return complies(
        subnets and (not wanted or set(subnets) <= set(wanted)),
        "The function is not inside a VPC, or not in the subnets that the rule wants.",
    )


RULES: Mapping[str, ManagedRule] = {
    "ENCRYPTED_VOLUMES": ManagedRule(_VOLUME, _volumes, _volume_encrypted, ("kmsId",)),
    "RDS_STORAGE_ENCRYPTED": ManagedRule(_DATABASE, _databases, _database_encrypted, ("kmsKeyId",)),
    "RDS_INSTANCE_PUBLIC_ACCESS_CHECK": ManagedRule(_DATABASE, _databases, _database_private),
    "DYNAMODB_PITR_ENABLED": ManagedRule(_TABLE, _tables, _recoverable),
    "DYNAMODB_TABLE_ENCRYPTED_KMS": ManagedRule(_TABLE, _tables, _table_encrypted, ("kmsKeyArns",)),
    "SECRETSMANAGER_ROTATION_ENABLED_CHECK": ManagedRule(
        _SECRET, _secrets, _secret_rotates, ("maximumAllowedRotationFrequency",)
    ),
    "CLOUDWATCH_LOG_GROUP_ENCRYPTED": ManagedRule(
        _LOG_GROUP, _log_groups, _log_group_encrypted, ("KmsKeyId",)
    ),
    "CW_LOGGROUP_RETENTION_PERIOD_CHECK": ManagedRule(
        _LOG_GROUP, _log_groups, _log_group_kept, ("LogGroupNames", "MinRetentionTime")
    ),
    "RDS_CLUSTER_ENCRYPTED_AT_REST": ManagedRule(_CLUSTER, _clusters, _cluster_encrypted),
    "LAMBDA_INSIDE_VPC": ManagedRule(_FUNCTION, _functions, _in_network, ("subnetIds",)),
}
