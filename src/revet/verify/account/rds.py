"""RDS: what its instances and clusters are.

An instance of a cluster is `aws_rds_cluster_instance`, as Terraform has it; those of DocumentDB and
Neptune, which the same calls answer, have types of their own.
"""

from __future__ import annotations

from revet.verify.readers import Draft

_KINDS = {"docdb": "aws_docdb_cluster", "neptune": "aws_neptune_cluster"}
"""Engine to the type of its clusters; the others are RDS's own."""
_SOURCES = ("ReadReplicaSourceDBInstanceIdentifier", "ReadReplicaSourceDBClusterIdentifier")
_OF_INSTANCES = (
    "username",
    "multi_az",
    "password",
    "password_wo",
    "manage_master_user_password",
    "master_user_secret",
    "snapshot_identifier",
    "restore_to_point_in_time",
    "s3_import",
    "deletion_protection",
    "backup_retention_period",
    "vpc_security_group_ids",
    "resource_id",
    "parameter_group_name",
    "iam_database_authentication_enabled",
    "enabled_cloudwatch_logs_exports",
)
"""What instances of clusters have with their cluster."""


def aws_db_instance(one: Draft) -> None:
    """An instance, or one of a cluster."""
    own, cluster = one.item["DbiResourceId"], one.item.get("DBClusterIdentifier")
    _judged(one)
    group = one.need(one.item, "DBSubnetGroup", "db_subnet_group_name") or {}
    one.values["db_subnet_group_name"] = group.get("DBSubnetGroupName", "")
    if cluster:
        one.type = f"{_kind(one)}_instance"
        parameters = one.values.get("parameter_group_name")
        one.values |= {"cluster_identifier": cluster, "dbi_resource_id": own}
        one.values |= {"db_parameter_group_name": parameters}
        one.values = {name: one.values[name] for name in one.values if name not in _OF_INSTANCES}
        return
    source = next((one.item[name] for name in _SOURCES if one.item.get(name)), "")
    one.values |= {"id": own, "replicate_source_db": source}


def aws_rds_cluster(one: Draft) -> None:
    """A cluster."""
    one.type = _kind(one)
    _judged(one)


def _kind(one: Draft) -> str:
    return _KINDS.get(str(one.item.get("Engine")), "aws_rds_cluster")


def _judged(one: Draft) -> None:
    """What is encrypted has a key, AWS's own or another."""
    if one.values["storage_encrypted"]:
        one.need(one.item, "KmsKeyId", "kms_key_id")
