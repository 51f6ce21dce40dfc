"""Network ACLs, their rules and the subnets that use them.

Rules and subnets stand in the network ACL and beside it, because a refreshed state has both. The
last rule of each direction, which AWS adds and nobody can change, is left out as the provider does.
Source: hashicorp/aws 5.100.0, `flattenNetworkACLEntries`; EC2 API Reference, `NetworkAclEntry`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from revet.plan.observed import Observed
from revet.verify.readers import Draft

_OF_AWS = (32767, 32768)
"""Numbers of the last rules, of IPv4 and IPv6."""
_DEFAULT = "aws_default_network_acl"


def aws_network_acl(one: Draft) -> list[Observed]:
    """A network ACL; a VPC's default one is of a type of its own."""
    entries = [entry for entry in one.item["Entries"] if entry["RuleNumber"] not in _OF_AWS]
    for way, egress in (("ingress", False), ("egress", True)):
        one.values[way] = [_block(entry) for entry in entries if entry["Egress"] is egress]
    if one.made_by:
        one.type = _DEFAULT
        one.values["default_network_acl_id"] = one.id
    return [
        *(_rule(one.id, one.region, entry) for entry in entries),
        *(_association(one.id, one.region, link) for link in one.item.get("Associations", ())),
    ]


def _ports(entry: Mapping[str, Any]) -> dict[str, Any]:
    ports, icmp = entry.get("PortRange", {}), entry.get("IcmpTypeCode", {})
    return {
        "from_port": ports.get("From", 0),
        "to_port": ports.get("To", 0),
        "icmp_type": icmp.get("Type", 0),
        "icmp_code": icmp.get("Code", 0),
        "cidr_block": entry.get("CidrBlock", ""),
        "ipv6_cidr_block": entry.get("Ipv6CidrBlock", ""),
        "protocol": entry["Protocol"],
    }


def _block(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"rule_no": entry["RuleNumber"], "action": entry["RuleAction"], **_ports(entry)}


def _rule(acl: str, region: str, entry: Mapping[str, Any]) -> Observed:
    """A rule; the provider's documentation has `ACL:NUMBER:PROTOCOL:EGRESS` as its import id."""
    number, egress = entry["RuleNumber"], entry["Egress"]
    own = f"{acl}:{number}:{entry['Protocol']}:{str(egress).lower()}"
    values = {
        "id": own,
        "network_acl_id": acl,
        "rule_number": number,
        "rule_action": entry["RuleAction"],
        "egress": egress,
        **_ports(entry),
    }
    identity = f"{acl}/{number}/{str(egress).lower()}"
    return Observed("aws_network_acl_rule", identity, values, region)


def _association(acl: str, region: str, link: Mapping[str, Any]) -> Observed:
    own, subnet = link["NetworkAclAssociationId"], link["SubnetId"]
    values = {"id": own, "network_acl_id": acl, "subnet_id": subnet}
    return Observed("aws_network_acl_association", f"{acl}/{subnet}", values, region)
