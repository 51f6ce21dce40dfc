"""Route tables, their routes and what uses them.

A table's routes stand in it and beside it, as `route` and as `aws_route`, because a refreshed state
has both. Main tables are `aws_route_table` as well: AWS does not say which were made with a VPC and
which were chosen later; those without tags count as made by AWS.

Ids: `aws_route` and `aws_route_table_association` have the import ids of the provider's
documentation, `TABLE_DESTINATION` and `SUBNET/TABLE`; their state ids are a hash and AWS's id.
Source: hashicorp/aws 5.100.0, `flattenRoutes`: it leaves out the local routes, those that a virtual
private gateway propagates, and those that a gateway endpoint adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from revet.plan.observed import Observed
from revet.verify.readers import Draft

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


def aws_route_table(one: Draft) -> list[Observed]:
    """A table, its routes, and what uses it."""
    links = one.item["Associations"]
    routes = [route for route in one.item["Routes"] if _is_own(route)]
    one.values["route"] = [_block(route) for route in routes]
    main = any(link.get("Main") for link in links)
    one.made_by = "aws" if main and not one.values["tags_all"] else ""
    return [
        *(_route(one.id, one.region, route) for route in routes),
        *(
            _association(one.item["VpcId"], one.id, one.region, link)
            for link in links
            if link.get("AssociationState", {}).get("State") != "disassociated"
        ),
    ]


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
