"""Whether what an output names is there: an ARN, a resource id, a name.

An output may name anything. What is recognized is asked for in the account; the rest is left to
the one who reads the outputs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from revet.model.arn import Arn
from revet.plan.terraform_types import terraform_type
from revet.verify.reader import MissingResourceError, Reader
from revet.verify.reading.logs import read_log_group
from revet.verify.subject import Subject

EXISTENCE_ACTIONS = (
    "cloudtrail:GetTrail",
    "ec2:DescribeFlowLogs",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "iam:GetRole",
    "kms:DescribeKey",
    "logs:DescribeLogGroups",
    "rds:DescribeDBInstances",
    "s3:ListBucket",
    "secretsmanager:DescribeSecret",
)
"""What `resolve` needs."""

_EC2_ID = re.compile(r"(vpc|subnet|sg|fl)-[0-9a-f]{8,17}")


def resolve(value: str, subjects: Iterable[Subject], reader: Reader, region: str) -> bool:
    """Ask the account for what a text names; needs `EXISTENCE_ACTIONS`.

    Args:
        value: one text of an output.
        subjects: what was deployed; a text that is the id, ARN or name of one names it.
        reader: of the account.
        region: asked for an id that says no region and belongs to no subject.

    Returns:
        True when it was recognized and is there; False when it is not recognized as a name.

    Raises:
        MissingResourceError: it was recognized and is not there.
    """
    if value.startswith("arn:"):
        arn = Arn.parse(value)
        ask = _BY_SERVICE.get(arn.service)
        return ask(reader, arn, arn.region or region) if ask else False
    if _EC2_ID.fullmatch(value):
        return _ec2(reader, value, _region_of(value, subjects) or region)
    for subject in subjects:
        names = terraform_type(subject.type).known_by
        if subject.arn and value in {subject.text(name) for name in names}:
            return resolve(subject.arn, (), reader, subject.region)
    return False


def _region_of(value: str, subjects: Iterable[Subject]) -> str:
    return next((subject.region for subject in subjects if subject.id == value), "")


def _cloudtrail(reader: Reader, arn: Arn, region: str) -> bool:
    if not arn.resource.startswith("trail/"):
        return False
    reader.call("cloudtrail", "get_trail", region=region, Name=str(arn))
    return True


def _ec2_arn(reader: Reader, arn: Arn, region: str) -> bool:
    return _ec2(reader, arn.resource.rsplit("/", 1)[-1], region)


def _ec2(reader: Reader, resource: str, region: str) -> bool:
    match = _EC2_ID.fullmatch(resource)
    if match is None:
        return False
    operation, parameter, answer = _EC2_OPERATIONS[match[1]]
    asked: dict[str, Any] = {parameter: [resource]}
    reply = reader.call("ec2", operation, region=region, **asked)
    if not reply.get(answer):
        raise _missing(resource, region)
    return True


def _iam(reader: Reader, arn: Arn, region: str) -> bool:
    if not arn.resource.startswith("role/"):
        return False
    reader.call("iam", "get_role", region=region, RoleName=arn.resource.rsplit("/", 1)[-1])
    return True


def _kms(reader: Reader, arn: Arn, region: str) -> bool:
    state = reader.call("kms", "describe_key", region=region, KeyId=str(arn))["KeyMetadata"]
    if state["KeyState"] in ("PendingDeletion", "PendingReplicaDeletion"):
        raise _missing(str(arn), region)
    return True


def _logs(reader: Reader, arn: Arn, region: str) -> bool:
    kind, _, name = arn.resource.partition(":")
    if kind != "log-group":
        return False
    read_log_group(reader, name.removesuffix(":*"), region)
    return True


def _rds(reader: Reader, arn: Arn, region: str) -> bool:
    kind, _, name = arn.resource.partition(":")
    if kind != "db":
        return False
    reader.call("rds", "describe_db_instances", region=region, DBInstanceIdentifier=name)
    return True


def _s3(reader: Reader, arn: Arn, region: str) -> bool:
    if "/" in arn.resource:
        return False
    reader.call("s3", "head_bucket", region=region, Bucket=arn.resource)
    return True


def _secretsmanager(reader: Reader, arn: Arn, region: str) -> bool:
    secret = reader.call("secretsmanager", "describe_secret", region=region, SecretId=str(arn))
    if secret.get("DeletedDate"):
        raise _missing(str(arn), region)
    return True


def _missing(name: str, region: str) -> MissingResourceError:
    return MissingResourceError(
        "it does not exist in the account",
        where=f"`{name}` in `{region}`",
        got="nothing of this name",
        do="deploy again",
    )


_EC2_OPERATIONS: Mapping[str, tuple[str, str, str]] = {
    "fl": ("describe_flow_logs", "FlowLogIds", "FlowLogs"),
    "sg": ("describe_security_groups", "GroupIds", "SecurityGroups"),
    "subnet": ("describe_subnets", "SubnetIds", "Subnets"),
    "vpc": ("describe_vpcs", "VpcIds", "Vpcs"),
}
_BY_SERVICE: Mapping[str, Callable[[Reader, Arn, str], bool]] = {
    "cloudtrail": _cloudtrail,
    "ec2": _ec2_arn,
    "iam": _iam,
    "kms": _kms,
    "logs": _logs,
    "rds": _rds,
    "s3": _s3,
    "secretsmanager": _secretsmanager,
}
