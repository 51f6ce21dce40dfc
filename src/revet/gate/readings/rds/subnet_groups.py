"""The subnets of a database's subnet group.

Source: RDS User Guide, "Working with a DB instance in a VPC": all subnets of a group are in one
VPC, and in at least two Availability Zones, so that a group has two of them or more.
"""

from __future__ import annotations

from revet.gate.readings.needed import all_planned
from revet.plan import Inventory, Members, Resource

SUBNETS = "subnet_ids"
_FEWEST = 2


def require_no_others(group: Resource, subnets: Members, inventory: Inventory) -> None:
    """Make sure that nothing else can be in a group.

    A plan of HCL drops ids that are written out beside references. None can be there when the VPC
    is yet to be made: its subnets have no ids that anybody could write.

    Args:
        group: an `aws_db_subnet_group`.
        subnets: those of this plan that it may hold.
        inventory: it belongs to.

    Raises:
        UnknownValueError: others may be in it, or in the place of those that the plan shows.
    """
    alike = all(subnet.type == "aws_subnet" for subnet in subnets.resources)
    if (
        inventory.members(group, SUBNETS) is not None
        and alike
        and len(subnets.resources) >= _FEWEST
    ):
        vpcs = [inventory.target(subnet, "vpc_id") for subnet in subnets.resources]
        if all(vpc and vpc.type == "aws_vpc" and "create" in vpc.actions for vpc in vpcs):
            return
    all_planned(group, SUBNETS, inventory, "aws_subnet")
