"""Buckets that encrypt with KMS use the bucket key."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.s3 import read_default_encryption
from revet.verify.subject import Subject


@live_check(
    control="s3-bucket-key",
    resource="aws_s3_bucket",
    actions=("s3:GetEncryptionConfiguration",),
    parts=("aws_s3_bucket_server_side_encryption_configuration",),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """Bucket keys exist for `aws:kms` only. Source: S3 user guide, "S3 Bucket Keys"."""
    rule = read_default_encryption(reader, subject.id, subject.region)
    if rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm") != "aws:kms":
        return compliant("no KMS key encrypts this bucket by default")
    if not rule.get("BucketKeyEnabled", False):
        return noncompliant("the bucket key is off")
    return compliant("the bucket key is on")
