"""Database instances have no public address."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.rds import read_db_instance
from revet.verify.subject import Subject


@live_check(
    control="rds-instance-not-public",
    resource="aws_db_instance",
    actions=("rds:DescribeDBInstances",),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """The instance is not publicly accessible; an answer that leaves it open is no *no*."""
    if read_db_instance(subject, reader).get("PubliclyAccessible") is not False:
        return noncompliant("it is publicly accessible")
    return compliant("it is not publicly accessible")
