"""VPC endpoints with their policies: one call a region answers all.

A policy stands in the endpoint, as it does in a refreshed state, also where Terraform made it with
an `aws_vpc_endpoint_policy`. Sources: EC2 API Reference, `DescribeVpcEndpoints`; AWS PrivateLink
Guide, "Control access to VPC endpoints using endpoint policies": gateway load balancer endpoints
and those of resources and service networks have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.listing import arn_in
from revet.verify.parts import tagged
from revet.verify.readers import TypeReader

_WITH_POLICY = ("Gateway", "Interface")
_DELETED = ("deleted", "deleting", "rejected", "failed", "expired")


def _endpoints(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    """Deleted ones stay in the answer for a while."""
    found = api.call("ec2", "describe_vpc_endpoints", region)["VpcEndpoints"]
    return [item for item in found if str(item.get("State", "")).lower() not in _DELETED]


def _endpoint(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, parts = item["VpcEndpointId"], Parts()
    kind = item.get("VpcEndpointType", "Gateway")
    if kind in _WITH_POLICY:
        policy = parts.need(item, "PolicyDocument", "policy")
    else:
        policy = item.get("PolicyDocument", "")
    values = {
        "id": name,
        "arn": arn_in(api, region, "ec2", f"vpc-endpoint/{name}"),
        "vpc_id": item.get("VpcId", ""),
        "service_name": item.get("ServiceName", ""),
        "vpc_endpoint_type": kind,
        "policy": policy,
        "private_dns_enabled": item.get("PrivateDnsEnabled", False),
        "requester_managed": item.get("RequesterManaged", False),
        "route_table_ids": item.get("RouteTableIds", []),
        "subnet_ids": item.get("SubnetIds", []),
        "security_group_ids": [group["GroupId"] for group in item.get("Groups", ())],
        "network_interface_ids": item.get("NetworkInterfaceIds", []),
        "state": item.get("State"),
        "owner_id": item.get("OwnerId"),
        **tagged(item.get("Tags")),
    }
    made = "aws" if item.get("RequesterManaged") else ""
    yield Observed("aws_vpc_endpoint", name, values, region, None, parts.unknown, made_by=made)


ENDPOINTS = TypeReader(
    type="aws_vpc_endpoint",
    service="ec2",
    actions=("ec2:DescribeVpcEndpoints",),
    items=_endpoints,
    identity=lambda item: str(item["VpcEndpointId"]),
    read=_endpoint,
    parts=("aws_vpc_endpoint_policy",),
)
