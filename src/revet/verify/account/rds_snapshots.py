"""RDS: manual snapshots of databases and clusters, which others may be restored from.

Automated ones are of no Terraform type: they come and go with their database. What AWS answers of a
copy is what it answers of any snapshot, so `aws_db_snapshot_copy` has no form of its own. Sources:
RDS API Reference, `DBSnapshot`, `DBClusterSnapshot`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.listing import listing
from revet.verify.parts import tagged
from revet.verify.readers import TypeReader


def _snapshot(_api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, parts = item["DBSnapshotIdentifier"], Parts()
    values = {
        "id": name,
        "db_snapshot_identifier": name,
        "db_snapshot_arn": item["DBSnapshotArn"],
        "db_instance_identifier": item["DBInstanceIdentifier"],
        "encrypted": parts.need(item, "Encrypted", "encrypted"),
        "kms_key_id": item.get("KmsKeyId", ""),
        "snapshot_type": item.get("SnapshotType"),
        "source_db_snapshot_identifier": item.get("SourceDBSnapshotIdentifier", ""),
        "source_region": item.get("SourceRegion", ""),
        "status": item.get("Status"),
        "vpc_id": item.get("VpcId", ""),
        **tagged(item.get("TagList")),
    }
    yield Observed("aws_db_snapshot", name, values, region, unknown=parts.unknown)


def _cluster_snapshot(_api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401
    name, parts = item["DBClusterSnapshotIdentifier"], Parts()
    values = {
        "id": name,
        "db_cluster_snapshot_identifier": name,
        "db_cluster_snapshot_arn": item["DBClusterSnapshotArn"],
        "db_cluster_identifier": item["DBClusterIdentifier"],
        "storage_encrypted": parts.need(item, "StorageEncrypted", "storage_encrypted"),
        "kms_key_id": item.get("KmsKeyId", ""),
        "snapshot_type": item.get("SnapshotType"),
        "source_db_cluster_snapshot_arn": item.get("SourceDBClusterSnapshotArn", ""),
        "status": item.get("Status"),
        "vpc_id": item.get("VpcId", ""),
        **tagged(item.get("TagList")),
    }
    yield Observed("aws_db_cluster_snapshot", name, values, region, unknown=parts.unknown)


SNAPSHOTS = TypeReader(
    type="aws_db_snapshot",
    service="rds",
    actions=("rds:DescribeDBSnapshots",),
    items=listing("rds", "describe_db_snapshots", "DBSnapshots", SnapshotType="manual"),
    identity=lambda item: str(item["DBSnapshotIdentifier"]),
    read=_snapshot,
)
CLUSTER_SNAPSHOTS = TypeReader(
    type="aws_db_cluster_snapshot",
    service="rds",
    actions=("rds:DescribeDBClusterSnapshots",),
    items=listing(
        "rds", "describe_db_cluster_snapshots", "DBClusterSnapshots", SnapshotType="manual"
    ),
    identity=lambda item: str(item["DBClusterSnapshotIdentifier"]),
    read=_cluster_snapshot,
)
