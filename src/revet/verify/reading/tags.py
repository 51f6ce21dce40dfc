"""The tags that a deployed resource carries, from the service that keeps them.

The Resource Groups Tagging API leaves out resources that never had a tag and services that it
does not know, so each service is asked itself; what none of them knows stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from revet.model.arn import Arn
from revet.verify.reader import Reader
from revet.verify.subject import Subject

TAG_ACTIONS = (
    "cloudtrail:ListTags",
    "dynamodb:ListTagsOfResource",
    "ec2:DescribeTags",
    "iam:ListPolicyTags",
    "iam:ListRoleTags",
    "kms:ListResourceTags",
    "logs:ListTagsForResource",
    "rds:ListTagsForResource",
    "s3:GetBucketTagging",
    "secretsmanager:DescribeSecret",
)
"""What `read_tags` needs."""


def read_tags(subject: Subject, reader: Reader) -> dict[str, str] | None:
    """All tags of a resource; needs `TAG_ACTIONS`.

    Args:
        subject: a resource that can be tagged.
        reader: of the account.

    Returns:
        Key to value; None when it is not known how to read the tags of this resource.

    Raises:
        MissingResourceError: there is no such resource.
    """
    service = Arn.parse(subject.arn).service if subject.arn else ""
    read = _BY_SERVICE.get(service)
    return read(subject, reader) if read else None


def _pairs(
    tags: Iterable[Mapping[str, Any]], key: str = "Key", value: str = "Value"
) -> dict[str, str]:
    return {str(tag[key]): str(tag.get(value, "")) for tag in tags}


def _cloudtrail(subject: Subject, reader: Reader) -> dict[str, str]:
    reply = reader.call(
        "cloudtrail", "list_tags", region=subject.region, ResourceIdList=[subject.arn]
    )
    lists = reply.get("ResourceTagList", ())
    return _pairs([tag for entry in lists for tag in entry.get("TagsList", ())])


def _dynamodb(subject: Subject, reader: Reader) -> dict[str, str] | None:
    if subject.type != "aws_dynamodb_table":
        return None
    reply = reader.call(
        "dynamodb", "list_tags_of_resource", region=subject.region, ResourceArn=subject.arn
    )
    return _pairs(reply.get("Tags", ()))


def _ec2(subject: Subject, reader: Reader) -> dict[str, str]:
    filters = [{"Name": "resource-id", "Values": [subject.id]}]
    reply = reader.call("ec2", "describe_tags", region=subject.region, Filters=filters)
    return _pairs(reply.get("Tags", ()))


def _iam(subject: Subject, reader: Reader) -> dict[str, str] | None:
    if subject.type == "aws_iam_role":
        reply = reader.call(
            "iam", "list_role_tags", region=subject.region, RoleName=subject.text("name")
        )
    elif subject.type == "aws_iam_policy":
        reply = reader.call("iam", "list_policy_tags", region=subject.region, PolicyArn=subject.arn)
    else:
        return None
    return _pairs(reply.get("Tags", ()))


def _kms(subject: Subject, reader: Reader) -> dict[str, str]:
    reply = reader.call("kms", "list_resource_tags", region=subject.region, KeyId=subject.arn)
    return _pairs(reply.get("Tags", ()), "TagKey", "TagValue")


def _logs(subject: Subject, reader: Reader) -> dict[str, str] | None:
    if subject.type != "aws_cloudwatch_log_group":
        return None
    reply = reader.call(
        "logs",
        "list_tags_for_resource",
        region=subject.region,
        resourceArn=subject.arn.removesuffix(":*"),
    )
    return dict(reply.get("tags", {}))


def _rds(subject: Subject, reader: Reader) -> dict[str, str]:
    reply = reader.call(
        "rds", "list_tags_for_resource", region=subject.region, ResourceName=subject.arn
    )
    return _pairs(reply.get("TagList", ()))


def _s3(subject: Subject, reader: Reader) -> dict[str, str] | None:
    if subject.type != "aws_s3_bucket":
        return None
    reply = reader.call(
        "s3",
        "get_bucket_tagging",
        region=subject.region,
        absent=("NoSuchTagSet",),
        Bucket=subject.id,
    )
    return _pairs(reply.get("TagSet", ()))


def _secretsmanager(subject: Subject, reader: Reader) -> dict[str, str] | None:
    if subject.type != "aws_secretsmanager_secret":
        return None
    reply = reader.call(
        "secretsmanager", "describe_secret", region=subject.region, SecretId=subject.arn
    )
    return _pairs(reply.get("Tags", ()))


_BY_SERVICE: Mapping[str, Callable[[Subject, Reader], dict[str, str] | None]] = {
    "cloudtrail": _cloudtrail,
    "dynamodb": _dynamodb,
    "ec2": _ec2,
    "iam": _iam,
    "kms": _kms,
    "logs": _logs,
    "rds": _rds,
    "s3": _s3,
    "secretsmanager": _secretsmanager,
}
