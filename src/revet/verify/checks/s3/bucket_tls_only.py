"""Buckets refuse requests that do not come over TLS."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.bucket_policy import denies_plain_http
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.s3 import read_bucket_policy
from revet.verify.subject import Subject


@live_check(
    control="s3-bucket-tls-only",
    resource="aws_s3_bucket",
    actions=("s3:GetBucketPolicy",),
    parts=("aws_s3_bucket_policy",),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """The bucket policy denies everything to everybody when `aws:SecureTransport` is false."""
    policy = read_bucket_policy(reader, subject.id, subject.region)
    if policy is None:
        return noncompliant("there is no bucket policy")
    if not denies_plain_http(policy, subject.arn):
        return noncompliant("the bucket policy does not deny plain HTTP on bucket and objects")
    return compliant("the bucket policy denies plain HTTP")
