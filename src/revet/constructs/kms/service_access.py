"""Services that a key policy admits, each in the form that AWS documents and no wider."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from revet.constructs.arguments import check_match, refuse
from revet.constructs.context import Context
from revet.constructs.policy import PolicyStatement, statement

READING = ("kms:Decrypt", "kms:DescribeKey")
USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
_STAGE = re.compile(r"[A-Za-z0-9_]{1,128}")


@dataclass(frozen=True, slots=True)
class KeyAccess:
    """What one service may do with a key.

    Args:
        service: its name, for messages.
        statements: makes the statements for the place that a context describes.
    """

    service: str
    statements: Callable[[Context], tuple[PolicyStatement, ...]]


def cloudwatch_logs(*log_group_names: str) -> KeyAccess:
    """CloudWatch Logs, for the log groups of these names and no others.

    The principal is regional, and the encryption context carries the log group's ARN.
    Source: CloudWatch Logs user guide, "Encrypt log data using AWS KMS".

    Args:
        log_group_names: full names.

    Raises:
        ArgumentError: no name, or a name that is a pattern.
    """
    if not log_group_names or any("*" in name for name in log_group_names):
        refuse(
            "log_group_names",
            log_group_names,
            "the full name of each log group",
            "name every log group that the key encrypts",
        )
    return _logs("CloudWatchLogs", "ArnEquals", log_group_names)


def roles(*role_names: str) -> KeyAccess:
    """Roles of this account by their names, for keys that are made before the roles are.

    What such a role may do is still for its own policies to say; no other policy of IAM lets
    anybody use the key.

    Args:
        role_names: full names.

    Raises:
        ArgumentError: no name, or a name that is a pattern.
    """
    if not role_names or any(set("*?$") & set(name) for name in role_names):
        refuse("role_names", role_names, "the full name of each role", "name every role")

    def make(context: Context) -> tuple[PolicyStatement, ...]:
        arns = [context.arn("iam", f"role/{name}", region=False) for name in role_names]
        return (
            statement(
                "NamedRolesUse",
                actions=USE,
                principals={"AWS": context.arn("iam", "root", region=False)},
                conditions={"ArnEquals": {"aws:PrincipalArn": arns}},
            ),
        )

    return KeyAccess("roles", make)


def api_gateway_execution_logs(stage_name: str) -> KeyAccess:
    """CloudWatch Logs, for the execution logs of the account's stages of one name.

    API Gateway names the group after the API's id, which is not known before the API is made, so
    that the id is a wildcard: of this account, this region and this stage name.
    Source: API Gateway developer guide, "Set up CloudWatch logging for REST APIs".

    Args:
        stage_name: of the stage.

    Raises:
        ArgumentError: no name, or a pattern.
    """
    check_match("stage_name", stage_name, _STAGE, "letters, digits and `_`", "name the stage")
    name = f"API-Gateway-Execution-Logs_*/{stage_name}"
    return _logs("ApiGatewayExecutionLogs", "ArnLike", (name,))


def _logs(sid: str, operator: str, names: tuple[str, ...]) -> KeyAccess:
    def make(context: Context) -> tuple[PolicyStatement, ...]:
        partition = context.partition
        arns = [context.arn("logs", f"log-group:{name}") for name in names]
        return (
            statement(
                sid,
                actions=(
                    "kms:Encrypt",
                    "kms:Decrypt",
                    "kms:ReEncrypt*",
                    "kms:GenerateDataKey*",
                    "kms:Describe*",
                ),
                principals={"Service": f"logs.{context.region}.{partition.dns_suffix}"},
                conditions={operator: {"kms:EncryptionContext:aws:logs:arn": arns}},
            ),
        )

    return KeyAccess("CloudWatch Logs", make)


def cloudtrail(trail_name: str) -> KeyAccess:
    """CloudTrail, for one trail.

    `kms:Decrypt` is there because the trail's bucket uses an S3 bucket key.
    Source: CloudTrail user guide, "Configure AWS KMS key policies for CloudTrail".

    Args:
        trail_name: name of the trail in this account and region.
    """

    def make(context: Context) -> tuple[PolicyStatement, ...]:
        service = {"Service": "cloudtrail.amazonaws.com"}
        trail = {"aws:SourceArn": context.arn("cloudtrail", f"trail/{trail_name}")}
        encrypted = {
            "kms:EncryptionContext:aws:cloudtrail:arn": (
                f"arn:{context.partition.id}:cloudtrail:*:{context.account_id}:trail/*"
            )
        }
        return (
            statement(
                "CloudTrailEncrypt",
                actions="kms:GenerateDataKey*",
                principals=service,
                conditions={"StringEquals": trail, "StringLike": encrypted},
            ),
            statement(
                "CloudTrailBucketKey",
                actions="kms:Decrypt",
                principals=service,
                conditions={"StringEquals": trail},
            ),
            statement(
                "CloudTrailDescribe",
                actions="kms:DescribeKey",
                principals=service,
                conditions={"StringEquals": trail},
            ),
        )

    return KeyAccess("CloudTrail", make)


def config() -> KeyAccess:
    """AWS Config, for what it delivers from this account.

    Source: Config developer guide, "Permissions for the KMS Key for the AWS Config Delivery
    Channel".
    """

    def make(context: Context) -> tuple[PolicyStatement, ...]:
        return (
            statement(
                "ConfigDelivers",
                actions=("kms:Decrypt", "kms:GenerateDataKey"),
                principals={"Service": "config.amazonaws.com"},
                conditions={"StringEquals": {"aws:SourceAccount": context.account_id}},
            ),
        )

    return KeyAccess("AWS Config", make)


def cloudwatch_alarms() -> KeyAccess:
    """Alarms of this account and region, for the encrypted topics that they tell.

    Source: SNS developer guide, "Enable compatibility between event sources from AWS services and
    encrypted topics".
    """

    def make(context: Context) -> tuple[PolicyStatement, ...]:
        return (
            statement(
                "AlarmsPublish",
                actions=("kms:Decrypt", "kms:GenerateDataKey*"),
                principals={"Service": "cloudwatch.amazonaws.com"},
                conditions={
                    "StringEquals": {"aws:SourceAccount": context.account_id},
                    "ArnLike": {"aws:SourceArn": context.arn("cloudwatch", "alarm:*")},
                },
            ),
        )

    return KeyAccess("CloudWatch alarms", make)
