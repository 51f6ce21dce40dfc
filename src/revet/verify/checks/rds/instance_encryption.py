"""Database instances are encrypted with a customer-managed key."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.kms import judge_customer_key
from revet.verify.reading.rds import read_db_instance
from revet.verify.subject import Subject


@live_check(
    control="rds-instance-encryption",
    resource="aws_db_instance",
    actions=("kms:DescribeKey", "rds:DescribeDBInstances"),
)
def check(subject: Subject, reader: Reader, *, customer_managed_key: bool = False) -> Outcome:
    """Storage is encrypted; with `customer_managed_key` the key is the customer's, in use."""
    instance = read_db_instance(subject, reader)
    if not instance.get("StorageEncrypted", False):
        return noncompliant("its storage is not encrypted")
    key = instance.get("KmsKeyId", "")
    if not customer_managed_key:
        return compliant(f"its storage is encrypted with `{key}`")
    return judge_customer_key(reader, key, subject.region, what="its storage")
