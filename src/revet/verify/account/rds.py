"""RDS: instances and clusters; one call a region answers each.

An instance of a cluster is `aws_rds_cluster_instance`, as Terraform has it; those of DocumentDB and
Neptune, which the same calls answer, have types of their own. AWS says of everything that exists
whether it is encrypted, whatever it was made from, so that snapshots need not be followed.

Ids: an `aws_db_instance` has its identifier, as the provider's documentation imports it; its state
id is `resource_id`. Sources: RDS API Reference, `DBInstance`, `DBCluster`; a password is
answered by no call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.listing import listed_by
from revet.verify.parts import tagged

_KINDS = {"docdb": "aws_docdb_cluster", "neptune": "aws_neptune_cluster"}
"""Engine to the type of its clusters; the others are RDS's own."""
_CLUSTERS = ("aws_rds_cluster", *_KINDS.values())


def _instance(_api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, cluster, parts = item["DBInstanceIdentifier"], item.get("DBClusterIdentifier"), Parts()
    own = item["DbiResourceId"]
    public = parts.need(item, "PubliclyAccessible", "publicly_accessible")
    group = parts.need(item, "DBSubnetGroup", "db_subnet_group_name") or {}
    values = {
        "arn": item["DBInstanceArn"],
        "identifier": name,
        "identifier_prefix": "",
        "publicly_accessible": public,
        "db_subnet_group_name": group.get("DBSubnetGroupName", ""),
        "engine": item.get("Engine"),
        "engine_version_actual": item.get("EngineVersion"),
        "instance_class": item.get("DBInstanceClass"),
        **_judged(item, parts),
    }
    if cluster:
        values |= {"id": name, "cluster_identifier": cluster, "dbi_resource_id": own}
        kind = f"{_kind(item)}_instance"
        yield Observed(kind, name, values, region, unknown=parts.unknown)
        return
    source = "ReadReplicaSourceDBInstanceIdentifier", "ReadReplicaSourceDBClusterIdentifier"
    values |= {
        "id": own,
        "resource_id": own,
        "replicate_source_db": next((item[name] for name in source if item.get(name)), ""),
        "password": None,
        "password_wo": None,
        "username": item.get("MasterUsername"),
        "multi_az": item.get("MultiAZ", False),
        **_common(item),
    }
    yield Observed("aws_db_instance", name, values, region, unknown=parts.unknown)


def _cluster(_api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, parts = item["DBClusterIdentifier"], Parts()
    values = {
        "id": name,
        "arn": item["DBClusterArn"],
        "cluster_identifier": name,
        "cluster_identifier_prefix": "",
        "cluster_resource_id": item.get("DbClusterResourceId"),
        "engine": item.get("Engine"),
        "db_subnet_group_name": item.get("DBSubnetGroup", ""),
        "replication_source_identifier": item.get("ReplicationSourceIdentifier", ""),
        "master_password": None,
        "master_password_wo": None,
        "master_username": item.get("MasterUsername"),
        **_common(item),
        **_judged(item, parts),
    }
    yield Observed(_kind(item), name, values, region, unknown=parts.unknown)


def _kind(item: Mapping[str, Any]) -> str:
    return _KINDS.get(str(item.get("Engine")), "aws_rds_cluster")


def _judged(item: Mapping[str, Any], parts: Parts) -> dict[str, Any]:
    """Encryption and tags. What is encrypted has a key, AWS's own or another."""
    on = parts.need(item, "StorageEncrypted", "storage_encrypted")
    key = parts.need(item, "KmsKeyId", "kms_key_id") if on else item.get("KmsKeyId", "")
    tags = tagged(parts.need(item, "TagList", "tags", "tags_all"))
    return {"storage_encrypted": on, "kms_key_id": key, **tags}


def _common(item: Mapping[str, Any]) -> dict[str, Any]:
    """Secrets Manager has the master password where AWS answers its secret."""
    said = item.get("MasterUserSecret") or {}
    secret = {
        "secret_arn": said.get("SecretArn", ""),
        "secret_status": said.get("SecretStatus", ""),
        "kms_key_id": said.get("KmsKeyId", ""),
    }
    groups = item.get("VpcSecurityGroups", ())
    return {
        "manage_master_user_password": True if said else None,
        "master_user_secret": [secret] if said else [],
        "snapshot_identifier": None,
        "restore_to_point_in_time": [],
        "s3_import": [],
        "deletion_protection": item.get("DeletionProtection", False),
        "backup_retention_period": item.get("BackupRetentionPeriod"),
        "vpc_security_group_ids": [group["VpcSecurityGroupId"] for group in groups],
    }


INSTANCES = listed_by(
    "rds",
    "DescribeDBInstances",
    "DBInstances",
    type="aws_db_instance",
    key="DBInstanceIdentifier",
    read=_instance,
    parts=tuple(f"{kind}_instance" for kind in _CLUSTERS),
)
CLUSTERS = listed_by(
    "rds",
    "DescribeDBClusters",
    "DBClusters",
    type="aws_rds_cluster",
    key="DBClusterIdentifier",
    read=_cluster,
    parts=tuple(_KINDS.values()),
)
