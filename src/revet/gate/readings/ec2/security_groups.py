"""The rules of security groups, in all the ways Terraform has to write them.

Source: provider documentation of `aws_security_group` (blocks `ingress` and `egress`),
`aws_default_security_group`, `aws_security_group_rule` and
`aws_vpc_security_group_ingress_rule`/`_egress_rule`.
"""

from __future__ import annotations

from dataclasses import dataclass

from revet.gate.readings.ec2.address_ranges import range_of, whole_internet
from revet.gate.readings.ec2.prefix_lists import list_ranges, ranges_of_lists
from revet.gate.readings.ec2.separate_rules import OLD_RULE, RULES, direction_of, made_apart
from revet.plan import Inventory, Resource
from revet.plan.element_paths import blocks, elements
from revet.plan.removed_resources import still_attached
from revet.plan.terraform_types import variants

_LISTS = ("cidr_blocks", "ipv6_cidr_blocks")


def group_types() -> tuple[str, ...]:
    """Terraform types of security groups."""
    return variants("aws_security_group")


def rule_types() -> tuple[str, ...]:
    """Terraform types that make rules of security groups."""
    return (*group_types(), OLD_RULE, *RULES)


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
        resource: of one of `rule_types`.

    Returns:
        None for a group without blocks: on creation, the provider takes away the rule of AWS that
        lets everything out.

    Raises:
        UnknownValueError: how many there are is not known. A `dynamic` block over something that is
            known after apply cannot be told from no block here, because the provider may fill in
            both; once it is deployed `revet verify` sees it.
    """
    if resource.type in group_types():
        return tuple(
            GroupRule(resource, block, direction)
            for direction in ("ingress", "egress")
            for block in blocks(resource, direction)
        )
    if resource.type == OLD_RULE:
        return (GroupRule(resource, "", str(resource.get("type"))),)
    return (GroupRule(resource, "", direction_of(resource.type)),)


def rules_in_effect(resource: Resource, inventory: Inventory) -> tuple[GroupRule, ...]:
    """The rules that a resource makes, with those of a group that the plan forgets."""
    rules = group_rules(resource)
    for kind in (OLD_RULE, *RULES) if resource.type in group_types() else ():
        for item in still_attached(inventory, kind, "security_group_id", (resource.get("id"),)):
            rules += group_rules(item)
    return rules


def open_to(rule: GroupRule, inventory: Inventory) -> str:
    """The range that makes a rule open to the whole internet; empty when none does.

    Ranges that are the whole internet only together (`0.0.0.0/1` and `128.0.0.0/1`) count, and so
    do those in a prefix list, also those that the plan adds to a list outside of it.

    Args:
        rule: of a group.
        inventory: it belongs to.

    Raises:
        UnknownValueError: one of its ranges is not known.
    """
    written = written_ranges(rule)
    return whole_internet(written) or whole_internet((*written, *listed_ranges(rule, inventory)))


def written_ranges(rule: GroupRule) -> tuple[str, ...]:
    """The ranges that a rule names itself; empty texts for those that are certainly not wide.

    Raises:
        UnknownValueError: one of its ranges is not known.
    """
    resource = rule.resource
    if resource.type in RULES:
        paths = [name for name in ("cidr_ipv4", "cidr_ipv6") if resource.is_set(name)]
    else:
        paths = [path for name in _LISTS for path in elements(resource, rule.path(name))]
    return tuple(range_of(resource, path) for path in paths)


def listed_ranges(rule: GroupRule, inventory: Inventory) -> tuple[str, ...]:
    """The ranges in the prefix lists that a rule names.

    Raises:
        UnknownValueError: it is not known which lists they are, or what is in one.
    """
    resource = rule.resource
    if resource.type not in RULES:
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
    return made_apart(rule.resource, rule.block, inventory)
