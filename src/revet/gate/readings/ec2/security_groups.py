"""The rules of security groups, in all the ways Terraform has to write them.

Source: provider documentation of `aws_security_group` (blocks `ingress` and `egress`),
`aws_default_security_group`, `aws_security_group_rule` and
`aws_vpc_security_group_ingress_rule`/`_egress_rule`.

After apply the provider fills the blocks `ingress` and `egress` of a group with all of its rules;
what a resource of its own makes is judged there, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from revet.gate.readings.ec2.address_ranges import range_of, whole_internet
from revet.gate.readings.ec2.prefix_lists import list_ranges, ranges_of_lists
from revet.gate.readings.values import one_of
from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks, elements
from revet.plan.removed_resources import still_attached
from revet.plan.single_rules import ALL_SOURCES, SOURCES, SingleRule, single_rules
from revet.plan.terraform_types import variants

GROUPS = variants("aws_security_group")
"""Terraform types of security groups."""
WAYS = ("ingress", "egress")
_NEW_RULES = {f"aws_vpc_security_group_{way}_rule": way for way in WAYS}
_OLD_RULE = "aws_security_group_rule"
SEPARATE = (_OLD_RULE, *_NEW_RULES)
"""Terraform types that are a rule of their own."""
VIA = "security_group_id"
RULE_TYPES = (*GROUPS, *SEPARATE)
"""Terraform types that make rules of security groups."""
_LISTS = ("cidr_blocks", "ipv6_cidr_blocks")


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One rule.

    Args:
        resource: that it is written in.
        block: path of its block; empty where the resource is the rule.
        direction: `ingress` or `egress`; empty where that is not known.
    """

    resource: Resource
    block: str
    direction: str

    def path(self, name: str) -> str:
        """The path of one of its attributes."""
        return f"{self.block}.{name}" if self.block else name

    def get(self, name: str) -> Any:  # noqa: ANN401 - as `Resource.get`
        """The value of one of its attributes."""
        return self.resource.get(self.path(name))

    @property
    def traffic(self) -> tuple[Any, Any, Any]:
        """Protocol, first and last port, as written; for ICMP type and code."""
        protocol = "ip_protocol" if self.resource.type in _NEW_RULES else "protocol"
        return self.get(protocol), self.get("from_port"), self.get("to_port")


_Own: TypeAlias = tuple[str, SingleRule]
"""A direction and a single rule."""
Member: TypeAlias = tuple[GroupRule, UnknownValueError | None]
"""A rule, and why it is not certain that it is one of a group."""


def separate(item: Resource) -> Member:
    """The rule that one of `SEPARATE` is; in doubt where its direction is not known."""
    doubts, way = Doubts(), _NEW_RULES.get(item.type, "")
    with doubts:
        way = way or one_of(item, "type", WAYS, "`{}` is not a direction")
    return GroupRule(item, "", way), next(iter(doubts), None)


def group_rules(resource: Resource) -> tuple[GroupRule, ...]:
    """The rules that a resource of one of `RULE_TYPES` makes.

    Returns:
        None for a group without blocks: on creation, the provider takes away the rule of AWS that
        lets everything out.

    Raises:
        UnknownValueError: how many there are is not known. A `dynamic` block over something that is
            known after apply cannot be told from no block here, because the provider may fill in
            both; once it is deployed `revet verify` sees it.
    """
    if resource.type in SEPARATE:
        way = _NEW_RULES.get(resource.type) or str(resource.get("type"))
        return (GroupRule(resource, "", way),)
    return tuple(GroupRule(resource, block, way) for way in WAYS for block in blocks(resource, way))


def rules_in_effect(resource: Resource, inventory: Inventory) -> tuple[GroupRule, ...]:
    """The rules that a resource makes, with those of a group that the plan forgets."""
    rules = group_rules(resource)
    for kind in SEPARATE if resource.type in GROUPS else ():
        for item in still_attached(inventory, kind, VIA, (resource.get("id"),)):
            rules += group_rules(item)
    return rules


def open_to(rule: GroupRule, inventory: Inventory) -> str:
    """The range that makes a rule open to the whole internet; empty when none does.

    Ranges that are the whole internet only together (`0.0.0.0/1` and `128.0.0.0/1`) count, and so
    do those in a prefix list, also those that the plan adds to a list outside of it.

    Raises:
        UnknownValueError: one of its ranges is not known.
    """
    written = _written_ranges(rule)
    return whole_internet(written) or whole_internet((*written, *_listed_ranges(rule, inventory)))


def ranges_of(rule: GroupRule, inventory: Inventory) -> tuple[str, ...]:
    """All ranges of a rule, but those that are certainly not wide.

    Raises:
        UnknownValueError: one of them is not known, or is not a range.
    """
    ranges = tuple(filter(None, (*_written_ranges(rule), *_listed_ranges(rule, inventory))))
    whole_internet(ranges)  # refuses what is no range
    return ranges


def _written_ranges(rule: GroupRule) -> tuple[str, ...]:
    """The ranges that a rule names itself; empty texts for those that are certainly not wide."""
    resource = rule.resource
    if resource.type in _NEW_RULES:
        if not any(map(resource.is_set, SOURCES)):
            why = "the rule names nobody that AWS would take"
            raise resource.doubt("cidr_ipv4", why, "name a range, a prefix list or a group")
        paths = [name for name in ("cidr_ipv4", "cidr_ipv6") if resource.is_set(name)]
    else:
        paths = [path for name in _LISTS for path in elements(resource, rule.path(name))]
    return tuple(range_of(resource, path) for path in paths)


def _listed_ranges(rule: GroupRule, inventory: Inventory) -> tuple[str, ...]:
    """The ranges in the prefix lists that a rule names."""
    resource = rule.resource
    if resource.type not in _NEW_RULES:
        return ranges_of_lists(resource, rule.path("prefix_list_ids"), inventory)
    if resource.is_set("prefix_list_id"):
        return list_ranges(resource, "prefix_list_id", inventory)
    return ()


def is_judged_apart(rule: GroupRule, inventory: Inventory, wide: str = "") -> bool:
    """Whether a rule that a group shows is one that resources of their own make.

    Args:
        rule: of a group.
        inventory: it belongs to.
        wide: the range that makes it open; several ranges of several resources are open only
            together, and only the group shows that.
    """
    if not rule.block or " and " in wide:
        return False
    group = rule.resource
    shown = set(_single(rule, group))
    return bool(shown) and shown <= set(_made_apart(group, inventory))


def _made_apart(group: Resource, inventory: Inventory) -> Iterator[_Own]:
    for kind in SEPARATE:
        rules: tuple[Resource, ...] = ()
        with Doubts():  # judged here, as if nothing were attached
            rules = inventory.attached(group, kind, via=VIA)
        for item in rules:
            yield from _single(separate(item)[0], group)


def _single(rule: GroupRule, group: Resource) -> Iterator[_Own]:
    """The single rules of a rule; none where a part of it is not known."""
    must = (*rule.traffic, *(map(rule.get, ("self", *ALL_SOURCES)) if rule.block else ()))
    if any(isinstance(value, Undecided) for value in must):
        return
    own = group.get("id")
    for one in single_rules(own if isinstance(own, str) else "", rule.get):
        yield rule.direction, one
