"""Flow logs arrive at a place that is there, encrypted and kept for a set time."""

from revet.model.finding import Outcome, compliant, noncompliant, unknown
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.ec2 import log_group_of, read_flow_log
from revet.verify.reading.logs import read_log_group
from revet.verify.subject import Subject


@live_check(
    control="ec2-flow-log-destination",
    resource="aws_flow_log",
    actions=("ec2:DescribeFlowLogs", "logs:DescribeLogGroups", "s3:ListBucket"),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """A log group has a key and a retention; a bucket exists, its own controls judge it."""
    flow_log = read_flow_log(subject, reader)
    if flow_log.get("DeliverLogsStatus") == "FAILED":
        return noncompliant(f"delivery fails: `{flow_log.get('DeliverLogsErrorMessage')}`")
    destination = str(flow_log.get("LogDestination") or "")
    if flow_log.get("LogDestinationType") == "s3":
        bucket = destination.rpartition(":::")[2].partition("/")[0]
        reader.call("s3", "head_bucket", region=subject.region, Bucket=bucket)
        return compliant(f"it delivers to the bucket `{bucket}`")
    name = log_group_of(flow_log)
    if not name:
        return unknown(
            f"it delivers to `{destination}`, which this check cannot look at",
            resolve="look at its encryption and retention by hand",
        )
    group = read_log_group(reader, name, subject.region)
    if not group.get("kmsKeyId"):
        return noncompliant(f"the log group `{name}` names no key")
    if not group.get("retentionInDays"):
        return noncompliant(f"the log group `{name}` keeps events for ever")
    return compliant(f"it delivers to `{name}`, encrypted, {group['retentionInDays']} days")
