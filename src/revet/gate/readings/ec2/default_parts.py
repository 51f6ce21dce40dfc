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
_DEFAULT_VPC = "aws_default_vpc"
_DEFAULT_GROUP = "default_security_group_id"
_DEFAULT_ID = "default_network_acl_id"
_ACL_RULE = "aws_network_acl_rule"
_ACL_VIA = "network_acl_id"
_ASSOCIATION = "aws_network_acl_association"
_OTHER_ACL = "aws_network_acl"


def default_groups(vpc: Resource, inventory: Inventory, doubts: Doubts) -> tuple[Resource, ...]:
    """The default security group of a VPC; none where nothing adopts it."""
    with doubts:
        refuse_unlisted(inventory, GROUP, *variants(GROUP), region=vpc.provider_region)
    found = attached_to(vpc, inventory, GROUP, "vpc_id", doubts)
    if vpc.type != _DEFAULT_VPC:
        return found
    return (*found, *_without_vpc(vpc, inventory, doubts))


def _without_vpc(vpc: Resource, inventory: Inventory, doubts: Doubts) -> Iterator[Resource]:
    """The default security groups that name no VPC: they are of the region's default one."""
    for group in inventory.of_type(GROUP):
        with doubts:
            if group.provider_region == vpc.provider_region and not group.is_set("vpc_id"):
                yield group


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
        yield from _named_by(vpc, inventory, kind, doubts)
        yield from attached_to(group, inventory, kind, VIA, doubts)


def _named_by(vpc: Resource, inventory: Inventory, kind: str, doubts: Doubts) -> Iterator[Resource]:
    """The rules that name the default group by the attribute of the VPC, or by its known id."""
    own = f"{vpc.address}.{_DEFAULT_GROUP}"
    for item in inventory.of_type(kind):
        value = item.get(VIA)
        if not isinstance(value, Symbolic) or own not in value.references:
            continue
        if value.strong and value.references == (own,):
            yield item
        else:
            doubts.append(value.doubt())
    known = vpc.get(_DEFAULT_GROUP)
    if isinstance(known, str):
        yield from inventory.named(kind, VIA, known)[0]


def default_acls(vpc: Resource, inventory: Inventory, doubts: Doubts) -> tuple[Resource, ...]:
    """The default network ACL of a VPC; none where nothing adopts it.

    A plan names it by an attribute of the VPC, a state and an account say whose it is.
    """
    with doubts:
        refuse_unlisted(inventory, ACL, _OTHER_ACL, region=vpc.provider_region)
    found = attached_to(vpc, inventory, ACL, "vpc_id", doubts)
    found = found or attached_to(vpc, inventory, ACL, _DEFAULT_ID, doubts)
    known = vpc.get(_DEFAULT_ID)
    return found or (inventory.named(ACL, _DEFAULT_ID, known)[0] if isinstance(known, str) else ())


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
