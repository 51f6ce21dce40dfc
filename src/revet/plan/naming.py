"""Which attributes name a resource, and of which type an attribute names one."""

from __future__ import annotations

from collections.abc import Mapping

from revet.plan.resource import Resource

# Attribute name → the type that it means, where the name alone says it.
MEANT: Mapping[str, str] = {
    "bucket": "aws_s3_bucket",
    "s3_bucket_name": "aws_s3_bucket",
    "target_bucket": "aws_s3_bucket",
    "vpc_id": "aws_vpc",
    "subnet_id": "aws_subnet",
    "subnet_ids": "aws_subnet",
    "security_group_id": "aws_security_group",
    "kms_key_id": "aws_kms_key",
    "kms_key_arn": "aws_kms_key",
    "kms_master_key_id": "aws_kms_key",
    "target_key_id": "aws_kms_key",
    "role": "aws_iam_role",
    "roles": "aws_iam_role",
    "group": "aws_iam_group",
    "groups": "aws_iam_group",
    "user": "aws_iam_user",
    "users": "aws_iam_user",
    "policy_arn": "aws_iam_policy",
    "permissions_boundary": "aws_iam_policy",
    "managed_policy_arns": "aws_iam_policy",
    "db_subnet_group_name": "aws_db_subnet_group",
    "log_group_name": "aws_cloudwatch_log_group",
    "queue_url": "aws_sqs_queue",
    "secret_arn": "aws_secretsmanager_secret",
    "repository": "aws_ecr_repository",
    "file_system_id": "aws_efs_file_system",
    "backup_vault_name": "aws_backup_vault",
}
# Type → the attributes that name one of its resources.
NAMES: Mapping[str, tuple[str, ...]] = {
    "aws_s3_bucket": ("bucket", "id", "arn"),
    "aws_iam_role": ("name", "id", "arn"),
    "aws_iam_policy": ("arn", "id"),
    "aws_kms_key": ("arn", "key_id", "id"),
    "aws_kms_alias": ("name", "arn", "id"),
    "aws_db_instance": ("identifier", "arn", "id", "resource_id"),
    "aws_rds_cluster": ("cluster_identifier", "arn", "id", "cluster_resource_id"),
    "aws_db_snapshot": ("db_snapshot_identifier", "db_snapshot_arn", "id"),
    "aws_db_snapshot_copy": ("target_db_snapshot_identifier", "db_snapshot_arn", "id"),
    "aws_db_cluster_snapshot": (
        "db_cluster_snapshot_identifier",
        "db_cluster_snapshot_arn",
        "id",
    ),
}
DEFAULT_NAMES = ("id", "arn", "name")
# Type → its attribute that says what it stands for.
LEADS: Mapping[str, str] = {"aws_kms_alias": "target_key_id"}


def names_of(resource: Resource) -> tuple[str, ...]:
    """The attributes that name a resource."""
    return NAMES.get(resource.type, DEFAULT_NAMES)


def meant(path: str) -> str:
    """The Terraform type that an attribute's name says; empty when it says none."""
    name = [word for word in path.split(".") if not word.isdigit()][-1]
    return MEANT.get(name, "")


def names_one(resource: Resource, wanted: str) -> bool:
    """Whether a resource has an attribute that may name one of the wanted type."""
    name = argument_of(wanted)
    return bool(name) and resource.get(name) is not None


def argument_of(wanted: str) -> str:
    """An argument whose name says that it means a resource of a type; empty without one."""
    return next((name for name, kind in MEANT.items() if kind == wanted), "")
