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
    parts=("aws_s3_bucket_server_side_encryption_configuration",),
)
def check(subject: Subject, reader: Reader, *, customer_managed_key: bool = False) -> Outcome:
    """Default encryption is set; with `customer_managed_key` its key is the customer's, in use."""
    rule = read_default_encryption(reader, subject.id, subject.region)
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    algorithm = default.get("SSEAlgorithm", "")
    if not algorithm:
        return noncompliant("no default encryption is set")
    if not customer_managed_key:
        return compliant(f"default encryption is `{algorithm}`")
    if algorithm == "AES256":
        return noncompliant("default encryption is `AES256`, without a customer-managed key")
    return judge_customer_key(
        reader,
        default.get("KMSMasterKeyID", ""),
        subject.region,
        what=f"default encryption `{algorithm}`",
    )
