"""Buckets encrypt what is written, by default, with the required kind of key."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.kms import judge_customer_key
from revet.verify.reading.s3 import read_default_encryption
from revet.verify.subject import Subject


@live_check(
    control="s3-bucket-encryption",
    resource="aws_s3_bucket",
    actions=("kms:DescribeKey", "s3:GetEncryptionConfiguration"),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """The default encryption names a customer-managed key, or is AES256 where that is allowed."""
    rule = read_default_encryption(reader, subject.id, subject.region)
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    algorithm = default.get("SSEAlgorithm", "")
    if not algorithm:
        return noncompliant("no default encryption is set")
    if algorithm == "AES256":
        return compliant("default encryption is `AES256`")
    return judge_customer_key(
        reader,
        default.get("KMSMasterKeyID", ""),
        subject.region,
        what=f"default encryption `{algorithm}`",
    )
