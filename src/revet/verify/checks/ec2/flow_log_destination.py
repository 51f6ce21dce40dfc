"""Flow logs arrive in an encrypted log group that keeps them for a set time."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.ec2 import log_group_of, read_flow_log
from revet.verify.reading.logs import read_log_group
from revet.verify.subject import Subject


@live_check(
    control="ec2-flow-log-destination",
    resource="aws_flow_log",
    actions=("ec2:DescribeFlowLogs", "logs:DescribeLogGroups"),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """The log group that the flow log delivers to has a key and a retention."""
    flow_log = read_flow_log(subject, reader)
    name = log_group_of(flow_log)
    if not name:
        return noncompliant(f"it delivers to `{flow_log.get('LogDestination')}`, no log group")
    if flow_log.get("DeliverLogsStatus") == "FAILED":
        return noncompliant(f"delivery fails: `{flow_log.get('DeliverLogsErrorMessage')}`")
    group = read_log_group(reader, name, subject.region)
    if not group.get("kmsKeyId"):
        return noncompliant(f"the log group `{name}` names no key")
    if not group.get("retentionInDays"):
        return noncompliant(f"the log group `{name}` keeps events for ever")
    return compliant(f"it delivers to `{name}`, encrypted, {group['retentionInDays']} days")
