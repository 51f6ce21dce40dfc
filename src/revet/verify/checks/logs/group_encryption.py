"""Log groups are encrypted with a customer-managed key."""

from revet.model.finding import Outcome
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.kms import judge_customer_key
from revet.verify.reading.logs import read_log_group
from revet.verify.subject import Subject


@live_check(
    control="logs-group-encryption",
    resource="aws_cloudwatch_log_group",
    actions=("kms:DescribeKey", "logs:DescribeLogGroups"),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """The group names a key, and that key is the customer's and in use."""
    name = subject.text("name")
    group = read_log_group(reader, name, subject.region)
    return judge_customer_key(
        reader, group.get("kmsKeyId", ""), subject.region, what=f"the log group `{name}`"
    )
