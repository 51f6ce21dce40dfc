"""Whether a subnet is public: what leads from it to the internet.

Source: VPC User Guide, "Route tables": a subnet without an association of its own uses the main
route table of its VPC, and the main route table that AWS makes with a VPC has the local route only.
"""

from __future__ import annotations

from collections.abc import Iterator

from revet.gate.readings.needed import planned, refuse_unread
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks
from revet.plan.held_policies import attached_to
from revet.plan.removed_resources import still_attached
from revet.plan.terraform_types import variants
from revet.plan.values import Unread

_INTERNET = "aws_internet_gateway"
_PRIVATE = "aws_vpn_gateway"  # the only other gateway that `gateway_id` takes
_LITERAL = "igw-"
_TABLE = "aws_route_table"
_DEFAULT_TABLE = "aws_default_route_table"
_ROUTE = "aws_route"
_ROUTE_VIA = "route_table_id"
_OUT = ("carrier_gateway_id", "egress_only_gateway_id", "nat_gateway_id")
"""Arguments of routes that name nothing but a way to the internet."""


def way_out(subnet: Resource, inventory: Inventory) -> tuple[str, tuple[str, ...]] | None:
    """What makes a subnet public, and the addresses of what does; `None` where it is private.

    Args:
        subnet: an `aws_subnet`; of anything else that stands in its place nothing is said.
        inventory: it belongs to.

    Raises:
        UnknownValueError: the plan does not show which route table the subnet uses, or where one
            of its routes leads.
    """
    if subnet.type != "aws_subnet":
        return None
    if subnet.get("map_public_ip_on_launch"):
        return "gives out public addresses", ()
    route = internet_route(subnet, inventory)
    return (f"has a route to an internet gateway in `{route}`", (route,)) if route else None


def internet_route(subnet: Resource, inventory: Inventory) -> str:
    """The address of what gives a subnet a route to an internet gateway; empty without one.

    Args:
        subnet: the subnet.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known which route table the subnet uses, or where one of its
            routes leads.
    """
    tables = _tables(subnet, inventory)
    for table in tables:
        for block in blocks(table, "route"):
            if _leads_out(table, f"{block}.gateway_id", inventory):
                return table.address
        for route in inventory.attached(table, _ROUTE, via=_ROUTE_VIA, every=True):
            if _leads_out(route, "gateway_id", inventory):
                return route.address
        for route in still_attached(inventory, _ROUTE, _ROUTE_VIA, _ids(table)):
            if _leads_out(route, "gateway_id", inventory):
                return route.address
    return "" if tables else _route_of_unseen_main(subnet, inventory)


def _route_of_unseen_main(subnet: Resource, inventory: Inventory) -> str:
    """The address of a route to an internet gateway in a main table that is there, by its id.

    Raises:
        UnknownValueError: there is none; the table may have others.
    """
    vpc = inventory.target(subnet, "vpc_id")
    table = vpc.get("main_route_table_id") if vpc is not None and vpc.type == "aws_vpc" else None
    doubts = Doubts()
    if isinstance(table, str):
        certain, perhaps = inventory.named(_ROUTE, _ROUTE_VIA, table)
        for route in certain:
            with doubts:
                if _leads_out(route, "gateway_id", inventory):
                    return route.address
        for name in (route.get(_ROUTE_VIA) for route in perhaps):
            with doubts:
                if isinstance(name, Unread):
                    name.refuse()
    doubts.refuse()
    raise subnet.doubt(
        "vpc_id",
        "the subnet has no route table of its own, and its VPC's is not part of this "
        f"{inventory.reading}",
        "associate the subnet with a route table of this configuration",
    )


def ways_of_vpc(vpc: Resource, inventory: Inventory, doubts: Doubts) -> Iterator[Resource]:
    """What gives a VPC a route to the internet: to an internet, NAT or egress-only gateway.

    Args:
        vpc: the VPC.
        inventory: it belongs to.
        doubts: why there may be more is added.
    """
    tables = list(_of_main(vpc, inventory, _DEFAULT_TABLE, "default_route_table_id", doubts))
    for kind in variants(_TABLE):
        tables += attached_to(vpc, inventory, kind, "vpc_id", doubts)
    routes = list(_of_main(vpc, inventory, _ROUTE, _ROUTE_VIA, doubts))
    for table in dict.fromkeys(tables):
        with doubts:
            for block in blocks(table, "route"):
                if _leads_to_internet(table, f"{block}.", inventory):
                    yield table
        routes += attached_to(table, inventory, _ROUTE, _ROUTE_VIA, doubts)
    for route in dict.fromkeys(routes):
        with doubts:
            if _leads_to_internet(route, "", inventory):
                yield route


def _of_main(
    vpc: Resource, inventory: Inventory, kind: str, via: str, doubts: Doubts
) -> Iterator[Resource]:
    """What names the main table of a VPC: by an attribute of the VPC, or by its known id."""
    yield from attached_to(vpc, inventory, kind, via, doubts)
    for name in _ids(vpc):
        with doubts:
            if isinstance(name, Unread):
                name.refuse()
        if isinstance(name, str):
            yield from inventory.named(kind, via, name)[0]


def _leads_to_internet(resource: Resource, prefix: str, inventory: Inventory) -> bool:
    doubts = Doubts()
    for name in _OUT:
        with doubts:
            if resource.is_set(f"{prefix}{name}"):
                return True
    with doubts:
        if _leads_out(resource, f"{prefix}gateway_id", inventory):
            return True
    return doubts.settled(answer=False)


def _ids(table: Resource) -> tuple[object, ...]:
    """The ids of a table, or of a VPC's main table, that exist already."""
    if table.type in variants(_TABLE):
        return (table.get("id"),)
    return (table.get("main_route_table_id"), table.get("default_route_table_id"))


def _tables(subnet: Resource, inventory: Inventory) -> tuple[Resource, ...]:
    """The route tables of a subnet, or its VPC for what AWS makes with one; none if unseen."""
    own = inventory.attached(subnet, "aws_route_table_association", via="subnet_id")
    if own:
        return _named_tables(own, inventory)
    vpc = inventory.target(subnet, "vpc_id")
    chosen: tuple[Resource, ...] = ()
    if vpc is not None and vpc.type == "aws_vpc":
        main = inventory.attached(vpc, "aws_main_route_table_association", via="vpc_id")
        chosen = _named_tables(main, inventory)
        if "create" in vpc.actions:
            via = "default_route_table_id"
            return (*chosen, *inventory.attached(vpc, "aws_default_route_table", via=via), vpc)
        chosen = chosen or _main_table(vpc, inventory)
    return chosen


def _named_tables(associations: tuple[Resource, ...], inventory: Inventory) -> tuple[Resource, ...]:
    types = variants(_TABLE)
    return tuple(planned(item, "route_table_id", inventory, *types) for item in associations)


def _main_table(vpc: Resource, inventory: Inventory) -> tuple[Resource, ...]:
    """The main route table of a VPC that is there already, by its id."""
    known = vpc.get("main_route_table_id")
    if isinstance(known, Unread):
        known.refuse()
    if not isinstance(known, str):
        return ()
    found = inventory.target(vpc, "main_route_table_id")
    if found is not None and found.type in variants(_TABLE):
        return (found,)
    refuse_unread(inventory, variants(_TABLE))
    return ()


def _leads_out(resource: Resource, path: str, inventory: Inventory) -> bool:
    if not resource.is_set(path):
        return False
    gateway = inventory.target(resource, path)
    if gateway is not None and gateway.type in (_INTERNET, _PRIVATE):
        return gateway.type == _INTERNET
    return bool(resource.get(path).startswith(_LITERAL))
