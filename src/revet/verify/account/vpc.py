"""VPCs, subnets, gateways and flow logs: one call a region answers each.

Sources: EC2 API Reference, the `Describe…` operations; VPC User Guide, "Default VPCs": a default
VPC comes with subnets, an internet gateway, a main route table and a security group. What another
account shares is a fact: its owner alone changes it, and sees its tags and flow logs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from revet.plan.marks import Mark
from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.listing import arn_in, listed_by
from revet.verify.parts import tagged
from revet.verify.readers import TypeReader

_SHARED = ("id", "arn", "owner_id", "vpc_id", "cidr_block")
_MAIN_TABLE = ("default_route_table_id", "main_route_table_id")
_OWN_RESOURCE = {
    "vpc": "vpc_id",
    "subnet": "subnet_id",
    "eni": "eni_id",
    "tgw": "transit_gateway_id",
    "tgw-attach": "transit_gateway_attachment_id",
}
"""Beginning of an id to the attribute of `aws_flow_log` that has it."""
_FAILED = "FAILED"
"""Of `DeliverLogsStatus`. The provider does not know it; where logs go is then open."""


def _owned(
    api: Api,
    kind: str,
    values: Mapping[str, Any],
    region: str,
    unknown: Mapping[str, Mark] = MappingProxyType({}),
    *,
    made: bool,
) -> Observed:
    """A resource of this account, or the fact that another one shares it."""
    name = values["id"]
    if values["owner_id"] in (api.account, None):
        return Observed(kind, name, values, region, None, unknown, made_by="aws" if made else "")
    shared = {key: values[key] for key in _SHARED if key in values}
    return Observed(kind, name, shared, region, mode="data")


def _vpcs(api: Api, region: str) -> Iterator[tuple[Any, Any, Parts]]:
    """VPCs, each with its main route table: AWS answers that with the route tables."""
    parts = Parts()
    answer = parts.answer(lambda: api.call("ec2", "describe_route_tables", region), *_MAIN_TABLE)
    main = {
        table["VpcId"]: table["RouteTableId"]
        for table in answer.get("RouteTables", ())
        if any(link.get("Main") for link in table["Associations"])
    }
    for item in api.call("ec2", "describe_vpcs", region)["Vpcs"]:
        yield item, main.get(item["VpcId"]), parts


def _vpc(api: Api, region: str, found: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The provider gives both names of the main table the one that is it now."""
    item, table, parts = found
    name = item["VpcId"]
    six: Mapping[str, Any] = next(iter(item.get("Ipv6CidrBlockAssociationSet", ())), {})
    values = {
        **dict.fromkeys(_MAIN_TABLE, table),
        "id": name,
        "arn": arn_in(api, region, "ec2", f"vpc/{name}"),
        "cidr_block": item["CidrBlock"],
        "dhcp_options_id": item.get("DhcpOptionsId"),
        "instance_tenancy": item.get("InstanceTenancy"),
        "ipv6_association_id": six.get("AssociationId", ""),
        "ipv6_cidr_block": six.get("Ipv6CidrBlock", ""),
        "owner_id": item.get("OwnerId"),
        **tagged(item.get("Tags")),
    }
    made = item.get("IsDefault", False)
    yield _owned(api, "aws_vpc", values, region, parts.unknown, made=made)


def _subnet(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, parts = item["SubnetId"], Parts()
    six: Mapping[str, Any] = next(iter(item.get("Ipv6CidrBlockAssociationSet", ())), {})
    shows = parts.need(item, "MapPublicIpOnLaunch", "map_public_ip_on_launch")
    values = {
        "id": name,
        "arn": item.get("SubnetArn") or arn_in(api, region, "ec2", f"subnet/{name}"),
        "vpc_id": item["VpcId"],
        "cidr_block": item.get("CidrBlock", ""),
        "ipv6_cidr_block": six.get("Ipv6CidrBlock", ""),
        "ipv6_cidr_block_association_id": six.get("AssociationId", ""),
        "availability_zone": item.get("AvailabilityZone"),
        "availability_zone_id": item.get("AvailabilityZoneId"),
        "map_public_ip_on_launch": shows,
        "assign_ipv6_address_on_creation": item.get("AssignIpv6AddressOnCreation", False),
        "owner_id": item.get("OwnerId"),
        **tagged(item.get("Tags")),
    }
    made = item.get("DefaultForAz", False)
    yield _owned(api, "aws_subnet", values, region, parts.unknown, made=made)


def _gateways(api: Api, region: str) -> Iterator[tuple[Any, bool]]:
    """Internet gateways, each with whether it is the one of a default VPC."""
    only = [{"Name": "is-default", "Values": ["true"]}]
    defaults = api.call("ec2", "describe_vpcs", region, Filters=only)["Vpcs"]
    ids = {vpc["VpcId"] for vpc in defaults}
    for item in api.call("ec2", "describe_internet_gateways", region)["InternetGateways"]:
        yield item, any(end.get("VpcId") in ids for end in item.get("Attachments", ()))


def _internet_gateway(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    said, of_default = item
    name = said["InternetGatewayId"]
    values = {
        "id": name,
        "arn": arn_in(api, region, "ec2", f"internet-gateway/{name}"),
        "vpc_id": _attached(said.get("Attachments")),
        "owner_id": said.get("OwnerId"),
        **tagged(said.get("Tags")),
    }
    made = "aws" if of_default else ""
    yield Observed("aws_internet_gateway", name, values, region, made_by=made)


def _egress_gateway(_api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, ends = item["EgressOnlyInternetGatewayId"], item.get("Attachments")
    values = {"id": name, "vpc_id": _attached(ends), **tagged(item.get("Tags"))}
    yield Observed("aws_egress_only_internet_gateway", name, values, region)


def _vpn_gateway(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name = item["VpnGatewayId"]
    values = {
        "id": name,
        "arn": arn_in(api, region, "ec2", f"vpn-gateway/{name}"),
        "vpc_id": _attached(item.get("VpcAttachments")),
        "amazon_side_asn": str(item.get("AmazonSideAsn", 0)),
        "availability_zone": item.get("AvailabilityZone", ""),
        **tagged(item.get("Tags")),
    }
    yield Observed("aws_vpn_gateway", name, values, region)


def _attached(ends: Any) -> str:  # noqa: ANN401 - JSON
    """The VPC of a gateway; one that is being detached belongs to none."""
    there = (end["VpcId"] for end in ends or () if end.get("State") in ("attached", "available"))
    return next(there, "")


def _vpn_gateways(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    """Deleted ones stay in the answer for about an hour."""
    found = api.call("ec2", "describe_vpn_gateways", region)["VpnGateways"]
    return [item for item in found if item.get("State") not in ("deleted", "deleting")]


def _flow_log(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """What belongs to none of the known kinds of resources could be any resource's."""
    name, parts = item["FlowLogId"], Parts()
    watched: dict[str, Any] = dict.fromkeys(_OWN_RESOURCE.values())
    kind = item["ResourceId"].rpartition("-")[0]
    if kind in _OWN_RESOURCE:
        watched[_OWN_RESOURCE[kind]] = item["ResourceId"]
    else:
        mark = Mark(f"`{item['ResourceId']}` is of a kind that is not known here", "update revet")
        parts.unknown.update(dict.fromkeys(watched, mark))
    if item.get("DeliverLogsStatus") == _FAILED:
        why = f"AWS cannot deliver there: `{item.get('DeliverLogsErrorMessage', _FAILED)}`"
        parts.unknown["log_destination"] = Mark(
            why, "see whether it exists, and the role may write"
        )
    group = item.get("LogGroupName")
    place = arn_in(api, region, "logs", f"log-group:{group}") if group else ""
    values = {
        "id": name,
        "arn": arn_in(api, region, "ec2", f"vpc-flow-log/{name}"),
        **watched,
        "traffic_type": parts.need(item, "TrafficType", "traffic_type")
        if not kind.startswith("tgw")
        else item.get("TrafficType", ""),
        "log_destination": (item.get("LogDestination") or place).removesuffix(":*"),
        "log_destination_type": item.get("LogDestinationType", "cloud-watch-logs"),
        "log_format": item.get("LogFormat"),
        "log_group_name": group or "",
        "iam_role_arn": item.get("DeliverLogsPermissionArn", ""),
        "deliver_cross_account_role": item.get("DeliverCrossAccountRole", ""),
        "max_aggregation_interval": item.get("MaxAggregationInterval"),
        **tagged(item.get("Tags")),
    }
    yield Observed("aws_flow_log", name, values, region, unknown=parts.unknown)


VPCS = TypeReader(
    type="aws_vpc",
    service="ec2",
    actions=("ec2:DescribeVpcs", "ec2:DescribeRouteTables"),
    items=_vpcs,
    identity=lambda item: str(item[0]["VpcId"]),
    read=_vpc,
)
SUBNETS = listed_by(
    "ec2", "DescribeSubnets", "Subnets", type="aws_subnet", key="SubnetId", read=_subnet
)
INTERNET_GATEWAYS = TypeReader(
    type="aws_internet_gateway",
    service="ec2",
    actions=("ec2:DescribeInternetGateways", "ec2:DescribeVpcs"),
    items=_gateways,
    identity=lambda item: str(item[0]["InternetGatewayId"]),
    read=_internet_gateway,
)
EGRESS_GATEWAYS = listed_by(
    "ec2",
    "DescribeEgressOnlyInternetGateways",
    "EgressOnlyInternetGateways",
    type="aws_egress_only_internet_gateway",
    key="EgressOnlyInternetGatewayId",
    read=_egress_gateway,
)
VPN_GATEWAYS = TypeReader(
    type="aws_vpn_gateway",
    service="ec2",
    actions=("ec2:DescribeVpnGateways",),
    items=_vpn_gateways,
    identity=lambda item: str(item["VpnGatewayId"]),
    read=_vpn_gateway,
)
FLOW_LOGS = listed_by(
    "ec2", "DescribeFlowLogs", "FlowLogs", type="aws_flow_log", key="FlowLogId", read=_flow_log
)
