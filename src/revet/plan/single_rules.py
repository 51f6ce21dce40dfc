"""The single rules that EC2 makes of what Terraform writes as one rule of a security group.

Source: hashicorp/aws 5.100.0, `expandIPPermission`: one for each range, prefix list and group;
`self` means the group itself, `all` every protocol. EC2 tells them apart by all but their
description.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

SingleRule: TypeAlias = tuple[str, Any, Any, str]
"""Protocol, first and last port, and whom it lets in or out; no ports for every protocol."""

PROTOCOLS = {"all": "-1", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
EVERY_PROTOCOL = "-1"
SOURCES = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
"""Attributes of a rule of its own that say whom it is for."""
OLD_SOURCES = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "source_security_group_id")
"""The same of an `aws_security_group_rule`; a block has `security_groups` in place of the last."""
ALL_SOURCES = (*SOURCES, *OLD_SOURCES, "security_groups")


def protocol_name(value: object) -> str:
    """A protocol by the one of its names that is compared; empty where none is written."""
    name = str(value or "").lower()
    return PROTOCOLS.get(name, name)


def single_rules(group: str, get: Callable[[str], Any]) -> Iterator[SingleRule]:
    """The single rules of a block `ingress` or `egress`, or of a resource that is a rule.

    Args:
        group: the id of its group; empty where that is not known.
        get: an attribute's name to its value; what is not a text names nobody.
    """
    protocol = protocol_name(get("ip_protocol") or get("protocol"))
    ports = (None, None) if protocol == EVERY_PROTOCOL else (get("from_port"), get("to_port"))
    named: list[Any] = [group] if get("self") is True else []
    for value in map(get, ALL_SOURCES):
        named += value if isinstance(value, list) else [value]
    for source in named:
        if isinstance(source, str) and source:
            yield protocol, *ports, source
