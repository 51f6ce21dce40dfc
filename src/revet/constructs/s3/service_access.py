"""Services that a bucket policy admits, each limited to its own resources (confused deputy)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from revet.constructs.context import Context
from revet.constructs.policy import PolicyStatement, statement


@dataclass(frozen=True, slots=True)
class BucketAccess:
    """What one service may do in a bucket.

    Args:
        service: its name, for messages.
        statements: makes the statements from the place and the bucket's ARN.
    """

    service: str
    statements: Callable[[Context, str], tuple[PolicyStatement, ...]]


def cloudtrail(trail_name: str) -> BucketAccess:
    """CloudTrail, for one trail; nobody else may put anything into the bucket.

    S3 replication writes objects without `s3:PutObject`: it is denied, too. Whoever may delete
    still may, so that a bucket can be emptied; lifecycle rules ask no policy.

    Source: CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail"; IAM user guide,
    `aws:PrincipalServiceName`; S3 user guide, "Setting up permissions for live replication"
    (`s3:ReplicateObject` on the destination).

    Args:
        trail_name: name of the trail in this account and region.
    """

    def make(context: Context, bucket_arn: str) -> tuple[PolicyStatement, ...]:
        service = "cloudtrail.amazonaws.com"
        trail = {"aws:SourceArn": context.arn("cloudtrail", f"trail/{trail_name}")}
        return (
            statement(
                "CloudTrailReadsAcl",
                actions="s3:GetBucketAcl",
                resources=bucket_arn,
                principals={"Service": service},
                conditions={"StringEquals": trail},
            ),
            statement(
                "CloudTrailPutsLogs",
                actions="s3:PutObject",
                resources=f"{bucket_arn}/AWSLogs/{context.account_id}/*",
                principals={"Service": service},
                conditions={"StringEquals": {**trail, "s3:x-amz-acl": "bucket-owner-full-control"}},
            ),
            statement(
                "OnlyCloudTrailPuts",
                effect="Deny",
                actions=("s3:PutObject", "s3:ReplicateObject"),
                resources=f"{bucket_arn}/*",
                principals="*",
                conditions={"StringNotEqualsIfExists": {"aws:PrincipalServiceName": service}},
            ),
        )

    return BucketAccess("CloudTrail", make)


def server_access_logs(source_bucket_names: str) -> BucketAccess:
    """S3 server access logging, for the buckets of this account whose names match.

    Source: S3 user guide, "Permissions for log delivery".

    Args:
        source_bucket_names: name or pattern of the buckets that are logged.
    """

    def make(context: Context, bucket_arn: str) -> tuple[PolicyStatement, ...]:
        source = context.arn("s3", source_bucket_names, region=False, account=False)
        return (
            statement(
                "ServerAccessLogs",
                actions="s3:PutObject",
                resources=f"{bucket_arn}/*",
                principals={"Service": "logging.s3.amazonaws.com"},
                conditions={
                    "ArnLike": {"aws:SourceArn": source},
                    "StringEquals": {"aws:SourceAccount": context.account_id},
                },
            ),
        )

    return BucketAccess("S3 server access logging", make)


def config() -> BucketAccess:
    """AWS Config, for the configuration of this account.

    Source: Config developer guide, "Permissions for the Amazon S3 Bucket for the AWS Config
    Delivery Channel".
    """

    def make(context: Context, bucket_arn: str) -> tuple[PolicyStatement, ...]:
        service = {"Service": "config.amazonaws.com"}
        account = {"aws:SourceAccount": context.account_id}
        return (
            statement(
                "ConfigFindsBucket",
                actions=("s3:GetBucketAcl", "s3:ListBucket"),
                resources=bucket_arn,
                principals=service,
                conditions={"StringEquals": account},
            ),
            statement(
                "ConfigDelivers",
                actions="s3:PutObject",
                resources=f"{bucket_arn}/AWSLogs/{context.account_id}/Config/*",
                principals=service,
                conditions={
                    "StringEquals": {**account, "s3:x-amz-acl": "bucket-owner-full-control"}
                },
            ),
        )

    return BucketAccess("AWS Config", make)
