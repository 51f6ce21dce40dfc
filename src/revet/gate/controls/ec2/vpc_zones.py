"""Network that is not in the Availability Zones that it should be in."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.ec2.default_parts import VPCS
from revet.gate.readings.ec2.zones import subnets_in_zones
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_RANGE = "cidr_block"


@control(
    title="networks are in the Availability Zones that are asked for",
    severity=Severity.MEDIUM,
    resource=VPCS,
    required=(
        "the subnets of the VPC are in exactly `zones` Availability Zones, each of them has a "
        "private subnet, and with `cidr_block` the VPC has that range"
    ),
    impact="what should be in several zones goes down with one of them",
    fix="""resource "aws_subnet" "private" {
  count             = 3
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 4, count.index)
  availability_zone = data.aws_availability_zones.available.names[count.index]
}""",
    construct=(
        'ec2.Vpc(scope, "office", zones=3, flow_log_group=logs.LogGroup(scope, "flows", key=key))'
    ),
    deviations=("single-zone-network",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, zones: int, cidr_block: str = "") -> Outcome:
    """A subnet is private where no route of it leads to an internet gateway.

    Args:
        resource: a VPC.
        inventory: it belongs to.
        zones: number of Availability Zones.
        cidr_block: IPv4 range of the VPC; empty for any.
    """
    if cidr_block and resource.get(_RANGE) != cidr_block:
        return noncompliant(f"its range is `{resource.get(_RANGE)}`", paths=(_RANGE,))
    found = subnets_in_zones(resource, inventory)
    related = tuple(subnet.address for subnet in found.subnets)
    if len(found.zones) > zones:
        return noncompliant(f"it is in {len(found.zones)} zones", related=related)
    found.doubts.refuse()
    if len(found.zones) < zones:
        return noncompliant(f"it is in {len(found.zones)} zones", related=related)
    for zone in sorted(found.zones - found.private):
        return noncompliant(f"`{zone}` has no private subnet", related=related)
    return compliant(f"it has private subnets in {zones} zones", related=related)
