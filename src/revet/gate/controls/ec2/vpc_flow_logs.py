"""No flow logs."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="networks log all their traffic",
    severity=Severity.MEDIUM,
    resource="aws_vpc",
    required="an `aws_flow_log` of this very VPC records traffic of type `ALL`",
    impact="nobody can tell afterwards who talked to whom",
    fix="""resource "aws_flow_log" "main" {
  vpc_id          = aws_vpc.main.id
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.flow.arn
  iam_role_arn    = aws_iam_role.flow.arn
}""",
    construct=(
        'ec2.Vpc(scope, "office", flow_log_group=logs.LogGroup(scope, "office-flow", key=key))'
    ),
    deviations=("no-flow-logs",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """One flow log of the VPC as a whole; those of single subnets do not count."""
    found = inventory.attached(resource, "aws_flow_log", via="vpc_id")
    kinds = [(item, item.get("traffic_type")) for item in found]
    for item, kind in kinds:
        if kind == "ALL":
            return compliant("all traffic is logged", related=(item.address,))
    inventory.attached(resource, "aws_flow_log", via="vpc_id", every=True)  # refuses for others
    if kinds:
        item, kind = kinds[0]
        return noncompliant(f"only `{kind}` traffic is logged", related=(item.address,))
    return noncompliant("no `aws_flow_log` names this VPC")
