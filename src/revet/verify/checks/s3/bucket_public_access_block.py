"""Buckets refuse every kind of public access."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.subject import Subject

_SWITCHES = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


@live_check(
    control="s3-bucket-public-access-block",
    resource="aws_s3_bucket",
    actions=("s3:GetBucketPublicAccessBlock",),
    parts=("aws_s3_bucket_public_access_block",),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """All four switches of the bucket's public access block are on."""
    reply = reader.call(
        "s3",
        "get_public_access_block",
        region=subject.region,
        absent=("NoSuchPublicAccessBlockConfiguration",),
        Bucket=subject.id,
    )
    block = reply.get("PublicAccessBlockConfiguration")
    if block is None:
        return noncompliant("there is no public access block")
    off = [name for name in _SWITCHES if not block.get(name, False)]
    if off:
        return noncompliant(f"off: {', '.join(f'`{name}`' for name in off)}")
    return compliant("all four switches are on")
