"""Rules that a security group shows because resources of their own make them.

After apply the provider fills the blocks `ingress` and `egress` of a group with all of its rules;
what a resource of its own makes is judged there, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Resource, Undecided

OLD_RULE = "aws_security_group_rule"
RULES = ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
# EC2 tells rules apart by all but their description.
_Atom: TypeAlias = tuple[str, str, int | None, int | None, str, str]

PROTOCOLS = {"all": "-1", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
EVERY = "-1"
_SELF = "self"
# Member of a block or of the old resource, and the sort of what it lists.
_LISTS = {
    "cidr_blocks": "cidr",
    "ipv6_cidr_blocks": "cidr",
    "prefix_list_ids": "list",
    "security_groups": "group",
}
_SINGLE = {
    "cidr_ipv4": "cidr",
    "cidr_ipv6": "cidr",
    "prefix_list_id": "list",
    "referenced_security_group_id": "group",
    "source_security_group_id": "group",
}


def direction_of(kind: str) -> str:
    """`ingress` or `egress`, for one of `RULES`."""
    return "ingress" if kind == RULES[0] else "egress"


def protocol_name(value: object) -> str:
    """A protocol by the one of its names that is compared; empty where none is written."""
    name = str(value or "").lower()
    return PROTOCOLS.get(name, name)


def made_apart(group: Resource, block: str, inventory: Inventory) -> bool:
    """Whether resources of the plan make every rule of a block.

    Args:
        group: an `aws_security_group` or `aws_default_security_group`.
        block: path of one of its blocks.
        inventory: it belongs to.
    """
    shown = _atoms(group, block, block.partition(".")[0])
    if not shown:
        return False
    return shown <= _separate(group, inventory)


def _separate(group: Resource, inventory: Inventory) -> set[_Atom]:
    found: set[_Atom] = set()
    for kind in (OLD_RULE, *RULES):
        try:
            rules = inventory.attached(group, kind, via="security_group_id")
        except UnknownValueError:
            continue
        for rule in rules:
            side = rule.get("type") if kind == OLD_RULE else direction_of(kind)
            if isinstance(side, str):
                found |= _atoms(rule, "", side, group)
    return found


def _atoms(holder: Resource, block: str, side: str, group: Resource | None = None) -> set[_Atom]:
    """The single rules of a block or a resource; none where a part of it is not known."""
    known: dict[str, Any] = {}
    names = ("protocol", "ip_protocol", "from_port", "to_port", _SELF, *_LISTS, *_SINGLE)
    for name in names:
        value = holder.get(f"{block}.{name}" if block else name)
        if isinstance(value, Undecided):
            if name in ("protocol", "ip_protocol", "from_port", "to_port") or block:
                return set()
            value = None
        known[name] = value
    protocol = protocol_name(known["protocol"] or known["ip_protocol"])
    ports = (None, None) if protocol == EVERY else (known["from_port"], known["to_port"])
    own = (group or holder).get("id")
    return {
        (side, protocol, *ports, sort, _SELF if sort == "group" and value == own else value)
        for sort, value in _named(known, own)
    }


def _named(known: dict[str, Any], own: object) -> Iterator[tuple[str, str]]:
    for name, sort in _LISTS.items():
        for value in known[name] or ():
            if not isinstance(value, Undecided):
                yield sort, value
    for name, sort in _SINGLE.items():
        if known[name]:
            yield sort, known[name]
    if known[_SELF] and isinstance(own, str):
        yield "group", own
