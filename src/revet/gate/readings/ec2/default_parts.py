"""What AWS makes with a VPC: its default security group and its default network ACL.

Both let everything through as AWS makes them: the group from itself in and to everywhere out, the
network ACL everything. Terraform adopts them (`aws_default_security_group`,
`aws_default_network_acl`), and takes all rules away that it is not given.

Sources: VPC User Guide, "Default security groups for your VPCs" and "Default network ACL for a
VPC"; provider documentation of both types.
"""

from __future__ import annotations

from collections.abc import Iterator

from revet.gate.readings.ec2.security_groups import SEPARATE, VIA, rules_in_effect
from revet.gate.readings.needed import refuse_unlisted, refuse_unread
from revet.plan import Inventory, Resource, Symbolic, Undecided
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks, elements
from revet.plan.held_policies import attached_to
from revet.plan.terraform_types import variants

VPCS = variants("aws_vpc")
"""Terraform types of VPCs."""
GROUP = "aws_default_security_group"
ACL = "aws_default_network_acl"
_DEFAULT_ID = "default_network_acl_id"
_ACL_RULE = "aws_network_acl_rule"
_ACL_VIA = "network_acl_id"
_ASSOCIATION = "aws_network_acl_association"
_OTHER_ACL = "aws_network_acl"


def default_groups(vpc: Resource, inventory: Inventory, doubts: Doubts) -> tuple[Resource, ...]:
    """The default security group of a VPC; none where nothing adopts it."""
    with doubts:
        refuse_unlisted(inventory, GROUP, *variants(GROUP), region=vpc.provider_region)
    return attached_to(vpc, inventory, GROUP, "vpc_id", doubts)


def group_openings(
    vpc: Resource, group: Resource, inventory: Inventory, doubts: Doubts
) -> Iterator[Resource]:
    """What makes rules of a default security group."""
    with doubts:
        if rules_in_effect(group, inventory):
            yield group
    for kind in SEPARATE:
        with doubts:
            refuse_unlisted(inventory, kind, region=vpc.provider_region)
        yield from _named_by(vpc, inventory, kind)
        yield from attached_to(group, inventory, kind, VIA, doubts)


def _named_by(vpc: Resource, inventory: Inventory, kind: str) -> Iterator[Resource]:
    """The rules that name the default group by the attribute of the VPC, not known yet."""
    for item in inventory.of_type(kind):
        value = item.get(VIA)
        own = (f"{vpc.address}.default_security_group_id",)
        if isinstance(value, Symbolic) and value.strong and value.references == own:
            yield item


def default_acls(vpc: Resource, inventory: Inventory, doubts: Doubts) -> tuple[Resource, ...]:
    """The default network ACL of a VPC; none where nothing adopts it.

    A plan names it by an attribute of the VPC, a state and an account say whose it is.
    """
    with doubts:
        refuse_unlisted(inventory, ACL, _OTHER_ACL, region=vpc.provider_region)
    found = attached_to(vpc, inventory, ACL, "vpc_id", doubts)
    return found or attached_to(vpc, inventory, ACL, _DEFAULT_ID, doubts)


def acl_openings(
    vpc: Resource, acl: Resource, inventory: Inventory, doubts: Doubts
) -> Iterator[Resource]:
    """What makes rules of a default network ACL that allow something."""
    for way in ("ingress", "egress"):
        with doubts:
            for block in blocks(acl, way):
                with doubts:
                    if _allows(acl, f"{block}.action"):
                        yield acl
    with doubts:
        refuse_unread(inventory, (ACL,))
    for rule in _of_acl(vpc, acl, inventory, _ACL_RULE, doubts):
        with doubts:
            if _allows(rule, "rule_action"):
                yield rule


def subnets_of_acl(
    vpc: Resource, acl: Resource, inventory: Inventory, doubts: Doubts
) -> Iterator[str]:
    """The subnets that use a default network ACL: they name it, or no other one."""
    with doubts:
        for path in elements(acl, "subnet_ids"):
            yield str(acl.get(path))
    for item in _of_acl(vpc, acl, inventory, _ASSOCIATION, doubts):
        yield item.address
    for kind in variants("aws_subnet"):
        for subnet in attached_to(vpc, inventory, kind, "vpc_id", doubts):
            own = Doubts()
            named = attached_to(subnet, inventory, _OTHER_ACL, "subnet_ids", own)
            if not named and not attached_to(subnet, inventory, _ASSOCIATION, "subnet_id", own):
                if not own:
                    yield subnet.address
                doubts += own


def _of_acl(
    vpc: Resource, acl: Resource, inventory: Inventory, kind: str, doubts: Doubts
) -> Iterator[Resource]:
    """What names a default network ACL: by itself, by its VPC, or by its known id."""
    for owner in (acl, vpc):
        yield from attached_to(owner, inventory, kind, _ACL_VIA, doubts)
    for name in (acl.get(_DEFAULT_ID), vpc.get(_DEFAULT_ID)):
        if isinstance(name, str):
            yield from inventory.named(kind, _ACL_VIA, name)[0]


def _allows(resource: Resource, path: str) -> bool:
    value = resource.get(path)
    if isinstance(value, Undecided):
        value.refuse()
    return str(value or "").lower() != "deny"
