"""The rules of AWS Config in the trading platform."""

from __future__ import annotations

from cdktn import TerraformStack

from revet.constructs.config import ManagedRule, Recorder

TAGS = ("Environment", "CostCenter", "Compliance", "DataClassification")
_BUCKET = "AWS::S3::Bucket"
# What each rule looks at is what AWS's page of the rule names. Source: AWS Config developer guide,
# "List of AWS Config Managed Rules".
_RULES = {
    "database-encryption": ("RDS_CLUSTER_ENCRYPTED_AT_REST", ("AWS::RDS::DBCluster",)),
    "storage-encryption": ("RDS_STORAGE_ENCRYPTED", ("AWS::RDS::DBInstance",)),
    "volume-encryption": ("ENCRYPTED_VOLUMES", ("AWS::EC2::Volume",)),
    "s3-encryption": ("S3_DEFAULT_ENCRYPTION_KMS", (_BUCKET,)),
    "s3-logging": ("S3_BUCKET_LOGGING_ENABLED", (_BUCKET,)),
    "s3-public-write": ("S3_BUCKET_PUBLIC_WRITE_PROHIBITED", (_BUCKET,)),
    "flow-logs": ("VPC_FLOW_LOGS_ENABLED", ("AWS::EC2::VPC",)),
}


def add_rules(
    stack: TerraformStack, *, recorder: Recorder, retention_in_days: int
) -> dict[str, ManagedRule]:
    """Add the rules: encryption at rest, logging, tags, and no bucket that the public writes.

    Args:
        stack: that they belong to.
        recorder: records what they look at.
        retention_in_days: that log groups must have at least.

    Returns:
        the rules by word.
    """
    rules = {
        word: ManagedRule(
            stack,
            f"{word}-rule",
            recorder=recorder,
            identifier=identifier,
            resource_types=list(types),
        )
        for word, (identifier, types) in _RULES.items()
    }
    rules["log-retention"] = ManagedRule(
        stack,
        "log-retention-rule",
        recorder=recorder,
        identifier="CW_LOGGROUP_RETENTION_PERIOD_CHECK",
        parameters={"MinRetentionTime": str(retention_in_days)},
        frequency="TwentyFour_Hours",
    )
    rules["tags"] = ManagedRule(
        stack,
        "tags-rule",
        recorder=recorder,
        identifier="REQUIRED_TAGS",
        parameters={f"tag{number}Key": key for number, key in enumerate(TAGS, 1)},
        resource_types=["AWS::DynamoDB::Table", "AWS::RDS::DBInstance", _BUCKET],
    )
    return rules
