"""The Availability Zones of a VPC's subnets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from revet.gate.readings.ec2.routes import way_out
from revet.plan import Inventory, Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.held_policies import attached_to
from revet.plan.terraform_types import variants
from revet.plan.values import Unread

_ZONE, _ZONE_ID = "availability_zone", "availability_zone_id"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


@dataclass(frozen=True, slots=True)
class Subnets:
    """The subnets of a VPC.

    Args:
        subnets: those that are known.
        zones: the zones that they are in.
        private: the zones that have a private one.
        doubts: why there may be more subnets, zones or public ones.
    """

    subnets: tuple[Resource, ...]
    zones: frozenset[str]
    private: frozenset[str]
    doubts: Doubts


def subnets_in_zones(vpc: Resource, inventory: Inventory) -> Subnets:
    """The subnets of a VPC, and the zones that they are in.

    Args:
        vpc: an `aws_vpc`.
        inventory: it belongs to.
    """
    doubts = Doubts()
    subnets: list[Resource] = []
    for kind in variants("aws_subnet"):
        subnets += attached_to(vpc, inventory, kind, "vpc_id", doubts)
    subnets = list(dict.fromkeys(subnets))
    by = _ZONE_ID if subnets and all(map(_by_id, subnets)) else _ZONE
    zones: set[str] = set()
    private: set[str] = set()
    for subnet in subnets:
        with doubts:
            zone = subnet.get(by)
            if isinstance(zone, Undecided):
                zone.refuse()
            if not zone:
                other = subnet.get(_ZONE_ID)
                if isinstance(other, Unread):
                    other.refuse()
                why = "which zone it is in is not known"
                raise subnet.doubt(by, why, "name the zone of every subnet in the same way")
            zone = zone_named(subnet, by, zone)
            zones.add(zone)
            if way_out(subnet, inventory) is None:
                private.add(zone)
    return Subnets(tuple(subnets), frozenset(zones), frozenset(private), doubts)


def _by_id(subnet: Resource) -> bool:
    """Whether the id of the zone is written, which stands for the name in a plan."""
    return isinstance(subnet.get(_ZONE_ID), str) and not isinstance(subnet.get(_ZONE), str)


def zone_named(resource: Resource, path: str, written: str) -> str:
    """A zone's name or id as AWS spells it: in lower case.

    Args:
        resource: that is in the zone.
        path: of the attribute that says so.
        written: what it says.

    Raises:
        UnknownValueError: no zone has such a name.
    """
    name = written.strip().lower()
    if not _NAME.fullmatch(name):
        raise resource.doubt(path, "no zone has such a name", "name a zone of the region")
    return name
