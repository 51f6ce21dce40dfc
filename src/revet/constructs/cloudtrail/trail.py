"""A trail with a bucket of its own."""

from __future__ import annotations

from cdktn_provider_aws.cloudtrail import Cloudtrail
from constructs import Construct

from revet.constructs.arguments import check_range
from revet.constructs.kms.key import Key
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record
from revet.constructs.s3.bucket import Bucket
from revet.constructs.s3.service_access import cloudtrail


class Trail(Construct):
    """A trail of all regions, validated and encrypted, into a bucket only CloudTrail can write to.

    Makes `aws_cloudtrail`, and its bucket (`s3.Bucket`).

    Defaults, each with the control that asks for it:
        - all regions and global services (`cloudtrail-trail-multi-region`);
        - log file validation (`cloudtrail-trail-log-file-validation`);
        - encrypted with `key` (`cloudtrail-trail-encryption`), whose policy must admit the trail
          (`kms.cloudtrail`);
        - a dedicated bucket that admits this trail of this account and nobody else as writer
          (`cloudtrail-trail-bucket`), with logs kept for ten years (3,653 days);
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name; the bucket's is `{id}-log`.
        key: encrypts the log files.
        access_log_bucket: receives the server access logs of the trail's bucket.
        retention_days: log files end after so many days.

    Raises:
        ArgumentError: a name that is too long, or a retention that S3 does not take.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: Key,
        access_log_bucket: Bucket | None = None,
        retention_days: int = 3653,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=128)
        check_construct("key", key, Key, context)
        if access_log_bucket is not None:
            check_construct("access_log_bucket", access_log_bucket, Bucket, context)
        check_range("retention_days", retention_days, 1, 36500, "days")
        context.unique_name(f"{construct_id}-log", limit=63)
        super().__init__(scope, construct_id)
        self.name = name
        self.bucket = Bucket(
            self,
            f"{construct_id}-log",
            key=key,
            access_log_bucket=access_log_bucket,
            service_access=(cloudtrail(name),),
            expiration_days=retention_days,
        )
        self.resource = Cloudtrail(
            self,
            "trail",
            name=name,
            s3_bucket_name=self.bucket.resource.id,
            kms_key_id=key.arn,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            enable_logging=True,
            tags=context.tags_for(name),
            depends_on=[self.bucket.policy],
        )
        self.arn: str = self.resource.arn
        context.records.append(make_record(self, "cloudtrail.Trail", (self.resource,)))
