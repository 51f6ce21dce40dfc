"""Trails deliver into a bucket of their own, into which nobody else may write."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.bucket_policy import foreign_writers, trail_may_write
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.cloudtrail import read_trail
from revet.verify.reading.s3 import read_bucket_policy, writing_groups
from revet.verify.subject import Subject


@live_check(
    control="cloudtrail-trail-bucket",
    resource="aws_cloudtrail",
    actions=("cloudtrail:GetTrail", "s3:GetBucketAcl", "s3:GetBucketPolicy"),
    parts=("aws_s3_bucket_acl", "aws_s3_bucket_policy"),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """The bucket's policy lets CloudTrail write for this trail, and nobody write beside it."""
    bucket = str(read_trail(subject, reader).get("S3BucketName", ""))
    groups = writing_groups(reader, bucket, subject.region)
    if groups:
        return noncompliant(f"the ACL of `{bucket}` lets `{groups[0]}` write")
    policy = read_bucket_policy(reader, bucket, subject.region)
    if policy is None:
        return noncompliant(f"the bucket `{bucket}` has no policy")
    writers = foreign_writers(policy, subject.arn)
    if writers:
        return noncompliant(f"the policy of `{bucket}`: {'; '.join(writers)}")
    partition = subject.arn.split(":")[1]
    if not trail_may_write(
        policy,
        bucket=f"arn:{partition}:s3:::{bucket}",
        account=subject.account,
        trail=subject.arn,
    ):
        return noncompliant(f"the policy of `{bucket}` lets no statement deliver this trail")
    return compliant(f"only this trail may write into `{bucket}`")
