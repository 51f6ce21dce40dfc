"""Every VPC records all of its traffic."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.subject import Subject


@live_check(
    control="ec2-vpc-flow-logs",
    resource="aws_vpc",
    actions=("ec2:DescribeFlowLogs",),
    parts=("aws_flow_log",),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """An active flow log of the VPC takes accepted and rejected traffic alike."""
    reply = reader.call(
        "ec2",
        "describe_flow_logs",
        region=subject.region,
        Filter=[{"Name": "resource-id", "Values": [subject.id]}],
    )
    flow_logs = reply.get("FlowLogs", ())
    for flow_log in flow_logs:
        if flow_log.get("FlowLogStatus") == "ACTIVE" and flow_log.get("TrafficType") == "ALL":
            return compliant(f"`{flow_log['FlowLogId']}` is active and records `ALL` traffic")
    seen = ", ".join(
        f"`{one.get('FlowLogId')}` ({one.get('FlowLogStatus')}, {one.get('TrafficType')})"
        for one in flow_logs
    )
    return noncompliant(
        f"no active flow log of `{subject.id}` records `ALL` traffic: {seen or 'there is none'}"
    )
