"""Which services encrypt with a key, by the resources that name it."""

from __future__ import annotations

from collections.abc import Iterator

from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks
from revet.plan.held_policies import attached_to

_DEFAULT = "apply_server_side_encryption_by_default.0.kms_master_key_id"
# The arguments that name the key of each service, as boto3 calls it.
_USES: dict[str, tuple[tuple[str, str], ...]] = {
    "dynamodb": (
        ("aws_dynamodb_table", "server_side_encryption.0.kms_key_arn"),
        ("aws_dynamodb_table_replica", "kms_key_arn"),
    ),
    "lambda": (("aws_lambda_function", "kms_key_arn"),),
    "logs": (("aws_cloudwatch_log_group", "kms_key_id"),),
    "rds": (
        ("aws_db_instance", "kms_key_id"),
        ("aws_db_instance", "performance_insights_kms_key_id"),
        ("aws_rds_cluster", "kms_key_id"),
        ("aws_rds_cluster", "performance_insights_kms_key_id"),
        ("aws_rds_cluster_instance", "performance_insights_kms_key_id"),
    ),
    "s3": (
        ("aws_s3_bucket_server_side_encryption_configuration", f"rule.0.{_DEFAULT}"),
        ("aws_s3_bucket", f"server_side_encryption_configuration.0.rule.0.{_DEFAULT}"),
    ),
    "secretsmanager": (("aws_secretsmanager_secret", "kms_key_id"),),
    "sns": (("aws_sns_topic", "kms_master_key_id"),),
    "sqs": (("aws_sqs_queue", "kms_master_key_id"),),
}
SERVICES = tuple(_USES)

_TABLE, _REPLICA = "aws_dynamodb_table", "replica"


def users_of(
    key: Resource, service: str, inventory: Inventory, doubts: Doubts
) -> tuple[Resource, ...]:
    """The resources of a service that encrypt with a key.

    Args:
        key: an `aws_kms_key`.
        service: one of `SERVICES`.
        inventory: it belongs to.
        doubts: why there may be more is added.
    """
    found: list[Resource] = []
    for kind, path in (*_USES[service], *_of_replicas(service, inventory, doubts)):
        found += attached_to(key, inventory, kind, path, doubts)
    return tuple(dict.fromkeys(found))


def _of_replicas(service: str, inventory: Inventory, doubts: Doubts) -> Iterator[tuple[str, str]]:
    """The arguments that name the keys of a table's replicas, as many as some table has."""
    most = 0
    for table in inventory.of_type(_TABLE) if service == "dynamodb" else ():
        with doubts:
            most = max(most, len(blocks(table, _REPLICA)))
    for number in range(most):
        yield _TABLE, f"{_REPLICA}.{number}.kms_key_arn"
