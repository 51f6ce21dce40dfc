"""The rules of security groups, in all the ways Terraform has to write them.

Source: provider documentation of `aws_security_group` (blocks `ingress` and `egress`),
`aws_default_security_group`, `aws_security_group_rule` and
`aws_vpc_security_group_ingress_rule`/`_egress_rule`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TypeVar

from revet.gate.blocks import blocks
from revet.gate.elements import elements
from revet.gate.forgotten import forgotten
from revet.gate.joins import every_attached
from revet.model.errors import UnknownValueError
from revet.plan import Plan, Resource, Symbolic, Undecided

GROUPS = ("aws_security_group", "aws_default_security_group")
OLD_RULE = "aws_security_group_rule"
RULES = ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
RULE_TYPES = (*GROUPS, OLD_RULE, *RULES)
_LISTS = ("cidr_blocks", "ipv6_cidr_blocks")
_MOST_RANGES = 20
_PREFIX_LIST = "aws_ec2_managed_prefix_list"
_LENGTH = re.compile(r"/([0-9]+)$")
_Network = TypeVar("_Network", ipaddress.IPv4Network, ipaddress.IPv6Network)
_OWN_RANGE = re.compile(r"^\$\{aws_(?:default_)?(?:vpc|subnet)\.[^.{}]+\.(?:ipv6_)?cidr_block\}$")


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One rule.

    Args:
        resource: that it is written in.
        block: path of its block; empty where the resource is the rule.
        direction: `ingress` or `egress`.
    """

    resource: Resource
    block: str
    direction: str

    def path(self, name: str) -> str:
        """The path of one of its attributes."""
        return f"{self.block}.{name}" if self.block else name


def group_rules(resource: Resource) -> tuple[GroupRule, ...]:
    """The rules that a resource makes.

    Args:
        resource: of one of `RULE_TYPES`.

    Returns:
        None for a group without blocks: on creation, the provider takes away the rule of AWS that
        lets everything out.

    Raises:
        UnknownValueError: how many there are is not known. A `dynamic` block over something that is
            known after apply cannot be told from no block here, because the provider may fill in
            both; once it is deployed the live check sees it.
    """
    if resource.type in GROUPS:
        return tuple(
            GroupRule(resource, block, direction)
            for direction in ("ingress", "egress")
            for block in blocks(resource, direction)
        )
    if resource.type == OLD_RULE:
        return (GroupRule(resource, "", str(resource.get("type"))),)
    return (GroupRule(resource, "", "ingress" if resource.type == RULES[0] else "egress"),)


def forgotten_rules(group: Resource, plan: Plan) -> tuple[GroupRule, ...]:
    """The rules of a group that the plan forgets and that stay in effect."""
    left = [
        item
        for kind in (OLD_RULE, *RULES)
        for item in forgotten(plan, kind, "security_group_id", (group.get("id"),))
    ]
    return tuple(rule for item in left for rule in group_rules(item))


def open_to(rule: GroupRule, plan: Plan) -> str:
    """The range that makes a rule open to the whole internet; empty when none does.

    Ranges that are the whole internet only together (`0.0.0.0/1` and `128.0.0.0/1`) count, and so
    do those in a prefix list of the plan.

    Args:
        rule: of a group.
        plan: it belongs to.

    Raises:
        UnknownValueError: one of its ranges is not known.
    """
    resource = rule.resource
    if resource.type in RULES:
        single = [name for name in ("cidr_ipv4", "cidr_ipv6") if resource.is_set(name)]
        lists: tuple[str, ...] = ("prefix_list_id",) if resource.is_set("prefix_list_id") else ()
    else:
        single = [path for name in _LISTS for path in elements(resource, rule.path(name))]
        lists = elements(resource, rule.path("prefix_list_ids"))
    found = whole_internet([_range(resource, path) for path in single])
    for path in lists:
        if found:
            break
        prefixes = plan.target(resource, path)
        if prefixes is not None and prefixes.type == _PREFIX_LIST:
            found = _in_prefix_list(prefixes, plan)
    return found


def whole_internet(ranges: list[str]) -> str:
    """The ranges, when they leave nothing out of IPv4 or of IPv6; else empty.

    Args:
        ranges: in CIDR notation; empty ones are left out.

    Raises:
        UnknownValueError: one is no CIDR range.
    """
    networks = [network for network in map(_network, ranges) if network]
    return _gapless({n for n in networks if isinstance(n, ipaddress.IPv4Network)}) or _gapless(
        {n for n in networks if isinstance(n, ipaddress.IPv6Network)}
    )


def _in_prefix_list(prefixes: Resource, plan: Plan) -> str:
    ranges = [_range(prefixes, f"{block}.cidr") for block in blocks(prefixes, "entry")]
    entries = every_attached(prefixes, plan, f"{_PREFIX_LIST}_entry", via="prefix_list_id")
    ranges += [_range(entry, "cidr") for entry in entries]
    return whole_internet(ranges)


def _range(resource: Resource, path: str) -> str:
    """A CIDR range; empty for one that is not known but certainly is not the whole internet."""
    value = resource.get(path)
    if isinstance(value, Symbolic) and value.template:
        length = _LENGTH.search(value.template)
        if _OWN_RANGE.match(value.template) or (length and int(length[1]) > 1):
            return ""
    if isinstance(value, Undecided):
        value.refuse()
    if not value:
        raise UnknownValueError(
            f"{resource.address}.{path}",
            why="a range is empty",
            resolve="write it as `10.0.0.0/16` or `fd00::/48`",
        )
    return str(value)


def _gapless(networks: set[_Network]) -> str:
    if all(network.prefixlen for network in ipaddress.collapse_addresses(networks)):
        return ""
    widest: list[_Network] = []
    for network in sorted(networks):  # a range comes directly before those inside of it
        if not widest or network.network_address > widest[-1].broadcast_address:
            widest.append(network)
    more = f" and {len(widest) - _MOST_RANGES} more" if len(widest) > _MOST_RANGES else ""
    return " and ".join(map(str, widest[:_MOST_RANGES])) + more


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    if not text:
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise UnknownValueError(
            text, why="it is no CIDR range", resolve="write it as `10.0.0.0/16` or `fd00::/48`"
        ) from error
