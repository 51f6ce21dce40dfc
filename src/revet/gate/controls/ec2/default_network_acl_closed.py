"""The default network ACL of a VPC lets traffic through."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.ec2.default_parts import (
    ACL,
    VPCS,
    acl_openings,
    default_acls,
    subnets_of_acl,
)
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts


@control(
    title="the default network ACL of a network allows nothing, and no subnet uses it",
    severity=Severity.MEDIUM,
    resource=VPCS,
    on_request=True,
    required=(
        f"an `{ACL}` adopts the default network ACL of this very VPC, no rule of it allows "
        "anything, and every subnet has another one"
    ),
    impact="a subnet that somebody adds is open to whatever its security groups let through",
    fix="""resource "aws_default_network_acl" "main" {
  default_network_acl_id = aws_vpc.main.default_network_acl_id
}""",
    construct="""ec2.NetworkAcl(
    scope,
    "private",
    vpc=ec2.Vpc(scope, "office", flow_log_group=logs.LogGroup(scope, "office-flow", key=key)),
)""",
    deviations=("open-default",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """As AWS makes it, it allows everything, and every subnet that names no other one uses it."""
    doubts = Doubts()
    acls = default_acls(resource, inventory, doubts)
    for acl in acls:
        for opening in acl_openings(resource, acl, inventory, doubts):
            return noncompliant(
                "its default network ACL has rules that allow traffic", related=(opening.address,)
            )
    for acl in acls:
        for subnet in subnets_of_acl(resource, acl, inventory, doubts):
            return noncompliant(f"`{subnet}` uses its default network ACL", related=(acl.address,))
    if not acls:
        return doubts.settled(noncompliant(f"no `{ACL}` names that of this VPC: AWS's rules stay"))
    related = tuple(acl.address for acl in acls)
    return doubts.settled(compliant("its default network ACL allows nothing", related=related))
