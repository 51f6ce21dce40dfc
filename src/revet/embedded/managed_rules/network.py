"""Managed rules for networks."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping

from revet.embedded.call import Moto
from revet.embedded.managed_rules.rule import (
    NOT_APPLICABLE,
    Finding,
    ManagedRule,
    Parameters,
    Place,
    Subject,
    complies,
)

_GROUP = "AWS::EC2::SecurityGroup"
_VPC = "AWS::EC2::VPC"
_SSH = 22
_TCP = ("tcp", "6")
_SOURCES = ("CidrIp", "CidrIpv6")


def _groups(place: Place) -> Iterator[Subject]:
    for groups in place.backend("ec2").groups.values():
        for group in groups.values():
            yield Subject(_GROUP, group.id, group)


def _default_closed(group: Subject, _parameters: Parameters, _place: Place) -> Finding:
    if group.thing.name != "default":
        return NOT_APPLICABLE
    rules = (*group.thing.ingress_rules, *group.thing.egress_rules)
    return complies(not rules, "The default security group has rules.")


def _no_ssh(group: Subject, _parameters: Parameters, _place: Place) -> Finding:
    return complies(
        not any(_opens_ssh(rule) for rule in group.thing.ingress_rules),
        "The security group lets SSH in from everywhere.",
    )


def _opens_ssh(rule: Moto) -> bool:
    from_anywhere = any(_everywhere(rule.ip_range.get(member)) for member in _SOURCES)
    every_protocol = str(rule.ip_protocol) == "-1"
    tcp = rule.ip_protocol in _TCP and int(rule.from_port) <= _SSH <= int(rule.to_port)
    return bool(from_anywhere and (every_protocol or tcp))


def _everywhere(cidr: str | None) -> bool:
    return bool(cidr) and ipaddress.ip_network(str(cidr), strict=False).prefixlen == 0


def _vpcs(place: Place) -> Iterator[Subject]:
    for vpc in place.backend("ec2").vpcs.values():
        yield Subject(_VPC, vpc.id, vpc)


def _logged(vpc: Subject, parameters: Parameters, place: Place) -> Finding:
    wanted = (parameters.get("trafficType") or "").upper()
    return complies(
        any(
            log.resource_id == vpc.id and wanted in ("", log.traffic_type)
            for log in place.backend("ec2").flow_logs.values()
        ),
        "The VPC has no flow log, or none of the traffic that the rule wants.",
    )


RULES: Mapping[str, ManagedRule] = {
    "VPC_DEFAULT_SECURITY_GROUP_CLOSED": ManagedRule(_GROUP, _groups, _default_closed),
    "INCOMING_SSH_DISABLED": ManagedRule(_GROUP, _groups, _no_ssh),
    "VPC_FLOW_LOGS_ENABLED": ManagedRule(_VPC, _vpcs, _logged, ("trafficType",)),
}
