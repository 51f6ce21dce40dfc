"""Public subnets that hold NAT gateways, and the routes that lead to them."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cdktn
from cdktn_provider_aws.eip import Eip
from cdktn_provider_aws.internet_gateway import InternetGateway
from cdktn_provider_aws.nat_gateway import NatGateway
from cdktn_provider_aws.route import Route
from cdktn_provider_aws.route_table import RouteTable
from cdktn_provider_aws.route_table_association import RouteTableAssociation
from cdktn_provider_aws.subnet import Subnet
from constructs import Construct

from revet.constructs.arguments import check_choice, check_reason, refuse

NAT = ("none", "one", "each")
"""How many NAT gateways: none, one for all zones, or one in each."""
EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True)
class WayOut:
    """What leads from private subnets to the internet.

    Args:
        subnets: the public subnets, one for each NAT gateway.
        gateways: the NAT gateways, in the order of the zones.
        made: all resources.
    """

    subnets: tuple[Subnet, ...] = ()
    gateways: tuple[NatGateway, ...] = ()
    made: tuple[cdktn.TerraformResource, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where public subnets are made.

    Args:
        scope: the construct that holds them.
        vpc_id: id of the VPC.
        zones: name of the zone of each subnet.
        ranges: address range of each subnet.
        tags: tags of a part, by its name.
    """

    scope: Construct
    vpc_id: str
    zones: Sequence[str]
    ranges: Sequence[ipaddress.IPv4Network]
    tags: Callable[[str], dict[str, str]]


def check_way_out(nat: object, reason: object) -> None:
    """Check how many NAT gateways there are, and that whoever asks for any says why.

    Raises:
        ArgumentError: another number, no reason where there is a way out, or one where there is
            none.
    """
    check_choice("nat", nat, NAT)
    if nat != "none":
        check_reason("allow_internet", reason)
    elif reason != "":
        refuse(
            *("allow_internet", reason, "nothing: without NAT gateways nothing leads out"),
            'leave it out, or say `nat="each"`',
        )


def make_way_out(place: Place) -> WayOut:
    """Make an internet gateway, and in each zone a public subnet with a NAT gateway.

    The gateways come after the internet gateway, which their addresses need.
    Source: Terraform registry, `aws_nat_gateway` and `aws_eip`, notes on `depends_on`.

    Args:
        place: where.
    """
    scope, tags = place.scope, place.tags
    internet = InternetGateway(
        scope, "internet-gateway", vpc_id=place.vpc_id, tags=tags("internet-gateway")
    )
    table = RouteTable(scope, "public-routes", vpc_id=place.vpc_id, tags=tags("public"))
    route = Route(
        scope,
        "public-route",
        route_table_id=table.id,
        destination_cidr_block=EVERYWHERE,
        gateway_id=internet.id,
    )
    made: list[cdktn.TerraformResource] = [internet, table, route]
    subnets: list[Subnet] = []
    gateways: list[NatGateway] = []
    for number, (zone, range_) in enumerate(zip(place.zones, place.ranges, strict=True)):
        subnet = Subnet(
            scope,
            f"public-subnet-{number}",
            vpc_id=place.vpc_id,
            cidr_block=str(range_),
            availability_zone=zone,
            map_public_ip_on_launch=False,
            tags=tags(f"public-{number}"),
        )
        association = RouteTableAssociation(
            scope,
            f"public-association-{number}",
            subnet_id=subnet.id,
            route_table_id=table.id,
        )
        address = Eip(
            scope,
            f"nat-address-{number}",
            domain="vpc",
            tags=tags(f"nat-{number}"),
            depends_on=[internet],
        )
        gateway = NatGateway(
            scope,
            f"nat-gateway-{number}",
            allocation_id=address.id,
            subnet_id=subnet.id,
            connectivity_type="public",
            tags=tags(f"nat-{number}"),
            depends_on=[internet],
        )
        subnets.append(subnet)
        gateways.append(gateway)
        made += [subnet, association, address, gateway]
    return WayOut(tuple(subnets), tuple(gateways), tuple(made))


def lead_out(scope: Construct, tables: Sequence[RouteTable], out: WayOut) -> list[Route]:
    """Lead private route tables to the NAT gateways: each to its own, or all to the only one.

    Args:
        scope: the construct that holds them.
        tables: the private route tables.
        out: what leads out; nothing for no route.
    """
    if not out.gateways:
        return []
    return [
        Route(
            scope,
            f"private-route-{number}",
            route_table_id=table.id,
            destination_cidr_block=EVERYWHERE,
            nat_gateway_id=gateway.id,
        )
        for number, (table, gateway) in enumerate(zip(tables, out.gateways, strict=True))
    ]
