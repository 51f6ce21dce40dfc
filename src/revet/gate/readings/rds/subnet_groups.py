"""The subnets of a database's subnet group.

Source: RDS User Guide, "Working with a DB instance in a VPC": all subnets of a group are in one
VPC, and in at least two Availability Zones, so that a group has two of them or more.
"""

from __future__ import annotations

from dataclasses import dataclass

from revet.gate.readings.needed import all_planned
from revet.plan import Inventory, Resource

_PATH = "subnet_ids"
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Subnets:
    """What a group may hold.

    Args:
        found: the subnets of this plan.
        every: whether it holds each of them; else one may be left out.
    """

    found: tuple[Resource, ...]
    every: bool


def subnets_of(group: Resource, inventory: Inventory) -> Subnets:
    """The subnets of this plan that a group may hold; others may be written out beside them.

    Args:
        group: an `aws_db_subnet_group`.
        inventory: it belongs to.

    Raises:
        UnknownValueError: one of them may be anything.
    """
    members = inventory.members(group, _PATH)
    if members is not None:
        return Subnets(tuple(dict.fromkeys(members.resources)), members.every)
    return Subnets(inventory.targets(group, _PATH), every=True)


def require_no_others(group: Resource, subnets: Subnets, inventory: Inventory) -> None:
    """Make sure that nothing else can be in a group.

    A plan of HCL drops ids that are written out beside references. None can be there when the VPC
    is yet to be made: its subnets have no ids that anybody could write.

    Raises:
        UnknownValueError: others may be in it, or in the place of those that the plan shows.
    """
    alike = all(subnet.type == "aws_subnet" for subnet in subnets.found)
    if inventory.members(group, _PATH) is not None and alike and len(subnets.found) >= _FEWEST:
        vpcs = [inventory.target(subnet, "vpc_id") for subnet in subnets.found]
        if all(vpc and vpc.type == "aws_vpc" and "create" in vpc.actions for vpc in vpcs):
            return
    all_planned(group, _PATH, inventory, "aws_subnet")
