"""Route tables, their routes and what uses them: one call a region answers all.

A table's routes stand in it and beside it, as `route` and as `aws_route`, because a refreshed state
has both. Main tables are `aws_route_table` as well: AWS does not say which were made with a VPC and
which were chosen later; those without tags count as made by AWS.

Ids: `aws_route` and `aws_route_table_association` have the import ids of the provider's
documentation, `TABLE_DESTINATION` and `SUBNET/TABLE`; their state ids are a hash and AWS's id.
Sources: EC2 API Reference, `DescribeRouteTables`; hashicorp/aws 5.100.0, `flattenRoutes`: it leaves
out the local routes, those that a virtual private gateway propagates, and those that a gateway
endpoint adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api
from revet.verify.listing import arn_in, listed_by
from revet.verify.parts import tagged

_GATEWAY_ENDPOINT = "vpce-"
_AUTOMATIC = ("local", "VpcLattice")
_TARGETS = {
    "carrier_gateway_id": "CarrierGatewayId",
    "core_network_arn": "CoreNetworkArn",
    "egress_only_gateway_id": "EgressOnlyInternetGatewayId",
    "gateway_id": "GatewayId",
    "local_gateway_id": "LocalGatewayId",
    "nat_gateway_id": "NatGatewayId",
    "network_interface_id": "NetworkInterfaceId",
    "transit_gateway_id": "TransitGatewayId",
    "vpc_peering_connection_id": "VpcPeeringConnectionId",
}
"""Attribute to member of a route in AWS's answer."""
_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


def _table(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, tags, links = item["RouteTableId"], tagged(item.get("Tags")), item["Associations"]
    routes = [route for route in item["Routes"] if _is_own(route)]
    values = {
        "id": name,
        "arn": arn_in(api, region, "ec2", f"route-table/{name}"),
        "vpc_id": item["VpcId"],
        "route": [_block(route) for route in routes],
        "propagating_vgws": [way["GatewayId"] for way in item.get("PropagatingVgws", ())],
        "owner_id": item.get("OwnerId"),
        **tags,
    }
    made = "aws" if not tags["tags_all"] and any(link.get("Main") for link in links) else ""
    yield Observed("aws_route_table", name, values, region, made_by=made)
    for route in routes:
        yield _route(name, region, route)
    for link in links:
        if link.get("AssociationState", {}).get("State") != "disassociated":
            yield _association(item["VpcId"], name, region, link)


def _is_own(route: Mapping[str, Any]) -> bool:
    gateway = route.get("GatewayId", "")
    added = gateway.startswith(_GATEWAY_ENDPOINT) and "DestinationPrefixListId" in route
    propagated = route.get("Origin") == "EnableVgwRoutePropagation"
    return not (gateway in _AUTOMATIC or added or propagated)


def _targets(route: Mapping[str, Any]) -> dict[str, Any]:
    """Where a route leads; AWS answers an endpoint as a gateway."""
    values = {name: route.get(member, "") for name, member in _TARGETS.items()}
    endpoint = values["gateway_id"].startswith(_GATEWAY_ENDPOINT)
    values["vpc_endpoint_id"] = values["gateway_id"] if endpoint else ""
    return values | ({"gateway_id": ""} if endpoint else {})


def _block(route: Mapping[str, Any]) -> dict[str, Any]:
    four, six, listed = (route.get(member, "") for member in _DESTINATIONS)
    ends = {"cidr_block": four, "ipv6_cidr_block": six, "destination_prefix_list_id": listed}
    return ends | _targets(route)


def _route(table: str, region: str, route: Mapping[str, Any]) -> Observed:
    four, six, listed = (route.get(member, "") for member in _DESTINATIONS)
    values = {
        "id": f"{table}_{four or six or listed}",
        "route_table_id": table,
        "destination_cidr_block": four,
        "destination_ipv6_cidr_block": six,
        "destination_prefix_list_id": listed,
        "instance_id": route.get("InstanceId", ""),
        "instance_owner_id": route.get("InstanceOwnerId", ""),
        "origin": route.get("Origin"),
        "state": route.get("State"),
        **_targets(route),
    }
    return Observed("aws_route", values["id"], values, region)


def _association(vpc: str, table: str, region: str, link: Mapping[str, Any]) -> Observed:
    own = link["RouteTableAssociationId"]
    values = {"id": own, "route_table_id": table}
    if link.get("Main"):
        return Observed("aws_main_route_table_association", own, values | {"vpc_id": vpc}, region)
    user = link.get("SubnetId") or link["GatewayId"]
    ends = {"subnet_id": link.get("SubnetId", ""), "gateway_id": link.get("GatewayId", "")}
    return Observed("aws_route_table_association", f"{user}/{table}", values | ends, region)


TABLES = listed_by(
    "ec2",
    "DescribeRouteTables",
    "RouteTables",
    type="aws_route_table",
    key="RouteTableId",
    read=_table,
    parts=("aws_route", "aws_route_table_association", "aws_main_route_table_association"),
)
