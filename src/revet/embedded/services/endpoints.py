"""EC2: the services that VPC endpoints lead to, and what AWS answers of the endpoints themselves.

- moto asks every service of its own for its endpoint, loads them all for that, fails at the first
  one whose dependencies are missing, and answers an empty list from then on. Here the names come
  from moto's list and a service differs from the others as the tables below say. (AWS PrivateLink
  Guide, "AWS services that integrate with AWS PrivateLink"; "Gateway endpoints".)
- An endpoint for a service that does not exist is refused, and so is a gateway endpoint for one
  that has none. (EC2 API Reference, "Error codes": InvalidServiceName; CreateVpcEndpoint,
  VpcEndpointType: a gateway endpoint when it is left out.)
- IpAddressType and DnsOptions are kept and can be changed; what nobody chose is `ipv4`, and for
  the DNS records of a gateway endpoint `service-defined`. (EC2 API Reference, DnsOptions.)
- The DNS names of an endpoint are those of AWS, the private ones as long as private DNS is on.
  (AWS PrivateLink Guide, "Access an AWS service using an interface VPC endpoint".)
- Subnets that an endpoint gets or loses later have or lose its network interface; a deleted
  endpoint is not answered for ever. (EC2 API Reference, ModifyVpcEndpoint, DeleteVpcEndpoints.)
- The network interfaces of an endpoint say whose they are. (EC2 API Reference, NetworkInterface:
  `InterfaceType` and `RequesterManaged`.)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidServiceName
from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES, VPCBackend, VPCEndPoint
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_private_ip

from revet.embedded.call import Moto
from revet.embedded.credentials import partition_of
from revet.embedded.patching import parameter, replace

_GATEWAYS = ("dynamodb", "s3")
_WITHOUT_POLICY = ("cloudformation", "codepipeline", "iot.data", "redshift-data")
"""Services whose endpoints take no policy."""
_HOSTS = {
    "ecr.api": "api.ecr",
    "ecr.dkr": "*.dkr.ecr",
    "execute-api": "*.execute-api",
    "iot.data": "data.iot",
    "kinesis-firehose": "firehose",
    "kinesis-streams": "kinesis",
    "sagemaker.api": "api.sagemaker",
    "sagemaker.runtime": "runtime.sagemaker",
    "s3": "*.s3",
}
"""Host of a service, before its region, where that is not the endpoint's name."""
_SUFFIXES = {"aws-cn": "amazonaws.com.cn"}


def install() -> None:
    """Put the changes in place."""
    replace(VPCBackend, "_collect_default_endpoint_services", lambda _: staticmethod(_services))
    replace(VPCBackend, "create_vpc_endpoint", _create)
    replace(VPCBackend, "modify_vpc_endpoint", _modify)
    replace(VPCBackend, "delete_vpc_endpoints", _delete)
    replace(EC2Response, "create_vpc_endpoint", _answer_create)
    replace(EC2Response, "modify_vpc_endpoint", _answer_modify)


def _services(_account: str, region: str) -> list[dict[str, Any]]:
    """What AWS offers in a region, as DescribeVpcEndpointServices details it."""
    zones = [f"{region}{letter}" for letter in "abc"]
    interfaces = sorted(set(AWS_ENDPOINT_SERVICES))
    return [
        *(_service(region, zones, name, "Gateway") for name in _GATEWAYS),
        *(_service(region, zones, name, "Interface") for name in interfaces),
    ]


def _service(region: str, zones: list[str], name: str, kind: str) -> dict[str, Any]:
    unique = hashlib.sha256(f"{kind} {name} {region}".encode()).hexdigest()[:17]
    details: dict[str, Any] = {
        "ServiceName": f"com.amazonaws.{region}.{name}",
        "ServiceId": f"vpce-svc-{unique}",
        "ServiceType": [{"ServiceType": kind}],
        "ServiceRegion": region,
        "AvailabilityZones": zones,
        "Owner": "amazon",
        "BaseEndpointDnsNames": [_public(region, name)],
        "VpcEndpointPolicySupported": name not in _WITHOUT_POLICY,
        "AcceptanceRequired": False,
        "ManagesVpcEndpoints": False,
        "Tags": [],
        "SupportedIpAddressTypes": ["ipv4"],
    }
    if kind == "Interface":
        private = _private(region, name)
        details["PrivateDnsName"] = private
        details["PrivateDnsNames"] = [{"PrivateDnsName": private}]
        details["PrivateDnsNameVerificationState"] = "verified"
    return details


def _private(region: str, name: str) -> str:
    return f"{_HOSTS.get(name, name)}.{region}.{_suffix(region)}"


def _public(region: str, name: str) -> str:
    return f"{_HOSTS.get(name, name).removeprefix('*.')}.{region}.vpce.{_suffix(region)}"


def _suffix(region: str) -> str:
    return _SUFFIXES.get(partition_of(region), "amazonaws.com")


def _create(original: Callable[..., VPCEndPoint]) -> Callable[..., Moto]:
    def create_vpc_endpoint(self: Moto, **asked: Moto) -> Moto:
        kind = asked.get("endpoint_type") or "Gateway"
        _require_offered(self, asked["service_name"], kind)
        made: Moto = original(self, **{**asked, "endpoint_type": kind})
        made.ip_address_type = "ipv4"
        made.dns_options = {"DnsRecordIpType": "ipv4"}
        if kind == "Gateway":
            made.dns_options = {"DnsRecordIpType": "service-defined"}
            made.private_dns_enabled = False
        made.dns_entries = _dns_entries(self, made)
        _claim(self, made)
        return made

    return create_vpc_endpoint


def _claim(backend: Moto, endpoint: Moto) -> None:
    """Say of the network interfaces of an endpoint whose they are."""
    for interface in (backend.enis[one] for one in endpoint.network_interface_ids):
        interface.interface_type, interface.requester_managed = "vpc_endpoint", True
        interface.description = f"VPC Endpoint Interface {endpoint.id}"


def _require_offered(backend: Moto, name: str, kind: str) -> None:
    offered = _services(backend.account_id, backend.region_name)
    offered += [one.to_dict() for one in backend.configurations.values()]
    kinds = {
        item["ServiceType"]
        for one in offered
        if one["ServiceName"] == name
        for item in one["ServiceType"]
    }
    if not kinds:
        raise InvalidServiceName(name)
    if kind not in kinds:
        raise EC2ClientError(
            "InvalidParameter",
            f"Endpoint type ({kind}) does not match available service types "
            f"([{', '.join(sorted(kinds))}]).",
        )


def _dns_entries(backend: Moto, made: VPCEndPoint) -> list[dict[str, str]]:
    prefix = f"com.amazonaws.{backend.region_name}."
    if made.vpc_endpoint_type != "Interface" or not made.service_name.startswith(prefix):
        return list(made.dns_entries or ())
    name = made.service_name.removeprefix(prefix)
    unique = hashlib.sha256(made.id.encode()).hexdigest()[:20]
    zone = {"hosted_zone_id": f"Z{unique[:13].upper()}"}
    public = _public(backend.region_name, name)
    entries = [{"dns_name": f"{made.id}-{unique[-8:]}.{public}", **zone}]
    if made.private_dns_enabled:
        entries.append({"dns_name": _private(backend.region_name, name), **zone})
    return entries


def _answer_create(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def create_vpc_endpoint(self: Moto) -> Moto:
        answer = original(self)
        _set_options(self, answer.result["VpcEndpoint"])
        return answer

    return create_vpc_endpoint


def _answer_modify(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def modify_vpc_endpoint(self: Moto) -> Moto:
        answer = original(self)
        endpoint = self.ec2_backend.vpc_end_points[parameter(self, "VpcEndpointId")]
        _set_options(self, endpoint)
        if self._get_bool_param("ResetPolicy"):
            endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
        private = self._get_bool_param("PrivateDnsEnabled")
        if private is not None:
            endpoint.private_dns_enabled = private
            endpoint.dns_entries = _dns_entries(self.ec2_backend, endpoint)
        return answer

    return modify_vpc_endpoint


def _set_options(response: Moto, endpoint: Moto) -> None:
    endpoint.ip_address_type = parameter(response, "IpAddressType") or endpoint.ip_address_type
    asked = parameter(response, "DnsOptions") or {}
    chosen = {name: asked[name] for name in _DNS_OPTIONS if asked.get(name) is not None}
    endpoint.dns_options = {**endpoint.dns_options, **chosen}


_DNS_OPTIONS = ("DnsRecordIpType", "PrivateDnsOnlyForInboundResolverEndpoint")


def _modify(original: Callable[..., None]) -> Callable[..., None]:
    def modify_vpc_endpoint(self: Moto, **asked: Moto) -> None:
        original(self, **asked)
        endpoint = self.vpc_end_points[asked["vpc_id"]]
        gateway = endpoint.destination_prefix_list_id
        if gateway:
            for table in asked["remove_route_tables"]:
                self.delete_route(table, gateway)
            for table in asked["add_route_tables"]:
                self.create_route(
                    table, None, gateway_id=endpoint.id, destination_prefix_list_id=gateway
                )
        interfaces = [self.enis[one] for one in endpoint.network_interface_ids]
        gone = [one for one in interfaces if one.subnet.id in asked["remove_subnets"]]
        for one in gone:
            del self.enis[one.id]
        there = {one.subnet.id for one in interfaces}
        added = [
            self.create_network_interface(name, random_private_ip())
            for name in asked["add_subnets"]
            if endpoint.vpc_endpoint_type == "Interface" and name not in there
        ]
        left = [one.id for one in interfaces if one not in gone]
        endpoint.network_interface_ids = left + [one.id for one in added]
        _claim(self, endpoint)

    return modify_vpc_endpoint


def _delete(original: Callable[..., None]) -> Callable[..., None]:
    def delete_vpc_endpoints(self: Moto, vpce_ids: list[str] | None = None) -> None:
        original(self, vpce_ids)
        for one in vpce_ids or []:
            self.vpc_end_points.pop(one, None)

    return delete_vpc_endpoints
