"""Buckets keep every version of an object."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.subject import Subject


@live_check(
    control="s3-bucket-versioning",
    resource="aws_s3_bucket",
    actions=("s3:GetBucketVersioning",),
    parts=("aws_s3_bucket_versioning",),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """Versioning is enabled; a bucket that never had it answers without a status."""
    reply = reader.call("s3", "get_bucket_versioning", region=subject.region, Bucket=subject.id)
    status = reply.get("Status", "never enabled")
    if status == "Enabled":
        return compliant("versioning is `Enabled`")
    return noncompliant(f"versioning is `{status}`")
