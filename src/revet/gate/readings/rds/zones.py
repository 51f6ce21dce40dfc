"""The Availability Zones in which a cluster has instances.

Source: Aurora user guide, "High availability for Amazon Aurora" (an instance is in one zone); RDS
user guide, "Multi-AZ DB cluster deployments" (RDS makes a writer and two readers in three zones
where the cluster itself has an instance class).
"""

from __future__ import annotations

from dataclasses import dataclass

from revet.gate.readings.ec2.zones import zone_named
from revet.plan import Inventory, Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.held_policies import attached_to

_INSTANCE = "aws_rds_cluster_instance"
_VIA = "cluster_identifier"
_ZONE = "availability_zone"
_CLASS = "db_cluster_instance_class"


@dataclass(frozen=True, slots=True)
class Zones:
    """Where the instances of a cluster are.

    Args:
        known: the zones that are known.
        at_most: how many zones there can be; None where that is not known.
        instances: those that are known.
        doubts: why there may be more zones.
    """

    known: frozenset[str]
    at_most: int | None
    instances: tuple[Resource, ...]
    doubts: Doubts


def instances_of(cluster: Resource, inventory: Inventory, doubts: Doubts) -> tuple[Resource, ...]:
    """The instances of a cluster that are known.

    Args:
        cluster: an `aws_rds_cluster`.
        inventory: it belongs to.
        doubts: why there may be more is added.
    """
    return tuple(dict.fromkeys(attached_to(cluster, inventory, _INSTANCE, _VIA, doubts)))


def zones_of(cluster: Resource, inventory: Inventory) -> Zones:
    """Where the instances of a cluster are.

    Args:
        cluster: an `aws_rds_cluster`.
        inventory: it belongs to.
    """
    doubts = Doubts()
    instances = instances_of(cluster, inventory, doubts)
    with doubts:
        if cluster.is_set(_CLASS):
            why = "RDS itself makes its instances, in zones that the account alone shows"
            raise cluster.doubt(_CLASS, why, "see what `revet verify` says of it")
    more = bool(doubts)
    known: set[str] = set()
    open_ = 0
    for instance in instances:
        open_ += 1  # until it is known
        with doubts:
            zone = instance.get(_ZONE)
            if isinstance(zone, Undecided):
                zone.refuse()
            if zone:
                known.add(zone_named(instance, _ZONE, zone))
            open_ -= 1
    return Zones(frozenset(known), None if more else len(known) + open_, instances, doubts)
