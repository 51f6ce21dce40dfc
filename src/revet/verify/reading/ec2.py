"""Flow logs and routes, as they are in the account."""

from __future__ import annotations

from typing import Any

from revet.verify.reader import MissingResourceError, Reader
from revet.verify.subject import Subject


def read_flow_log(subject: Subject, reader: Reader) -> dict[str, Any]:
    """One flow log; needs `ec2:DescribeFlowLogs`.

    Args:
        subject: an `aws_flow_log`.
        reader: of the account.

    Returns:
        Its entry in the answer of `DescribeFlowLogs`.

    Raises:
        MissingResourceError: there is no such flow log.
    """
    reply = reader.call("ec2", "describe_flow_logs", region=subject.region, FlowLogIds=[subject.id])
    for flow_log in reply.get("FlowLogs", ()):
        if flow_log.get("FlowLogId") == subject.id:
            found: dict[str, Any] = flow_log
            return found
    raise MissingResourceError(
        "it does not exist in the account",
        where=f"flow log `{subject.id}` in `{subject.region}`",
        got="no flow log of this id",
        do="deploy again",
    )


def log_group_of(flow_log: dict[str, Any]) -> str:
    """Name of the log group that a flow log writes to; empty when it writes elsewhere.

    Args:
        flow_log: an entry of the answer of `DescribeFlowLogs`.
    """
    name = flow_log.get("LogGroupName")
    if name:
        return str(name)
    destination = str(flow_log.get("LogDestination") or "")
    _, found, rest = destination.partition(":log-group:")
    return rest.removesuffix(":*") if found else ""


def read_routes(reader: Reader, subnet: str, vpc: str, region: str) -> list[dict[str, Any]]:
    """The routes that hold for a subnet; needs `ec2:DescribeRouteTables`.

    A subnet without a table of its own uses the main table of its VPC. Source: Amazon VPC user
    guide, "Subnet route tables".

    Args:
        reader: of the account.
        subnet: its id.
        vpc: id of its VPC.
        region: where it lives.

    Raises:
        MissingResourceError: no table holds for it.
    """
    own = [{"Name": "association.subnet-id", "Values": [subnet]}]
    main = [
        {"Name": "vpc-id", "Values": [vpc]},
        {"Name": "association.main", "Values": ["true"]},
    ]
    for filters in (own, main):
        reply = reader.call("ec2", "describe_route_tables", region=region, Filters=filters)
        tables = reply.get("RouteTables", ())
        if tables:
            return [route for table in tables for route in table.get("Routes", ())]
    raise MissingResourceError(
        "it does not exist in the account",
        where=f"route table of subnet `{subnet}` in `{region}`",
        got="neither a table of its own nor a main one",
        do="deploy again",
    )
