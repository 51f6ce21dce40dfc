"""The default security group of a VPC lets traffic through."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.ec2.default_parts import GROUP, VPCS, default_groups, group_openings
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts


@control(
    title="the default security group of a network has no rules",
    severity=Severity.MEDIUM,
    resource=VPCS,
    on_request=True,
    required=f"an `{GROUP}` adopts the default group of this very VPC, and nothing gives it rules",
    impact="whatever is started without a group of its own talks to its neighbours and the world",
    fix="""resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}""",
    construct=(
        'ec2.Vpc(scope, "office", flow_log_group=logs.LogGroup(scope, "office-flow", key=key))'
    ),
    deviations=("open-default",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """As AWS makes it, it lets everything in from itself and everything out."""
    doubts = Doubts()
    groups = default_groups(resource, inventory, doubts)
    for group in groups:
        for opening in group_openings(resource, group, inventory, doubts):
            return noncompliant("its default security group has rules", related=(opening.address,))
    if not groups:
        return doubts.settled(noncompliant(f"no `{GROUP}` names this VPC: AWS's rules stay"))
    related = tuple(group.address for group in groups)
    return doubts.settled(compliant("its default security group has no rules", related=related))
