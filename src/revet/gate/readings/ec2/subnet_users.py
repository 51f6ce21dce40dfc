"""What is in a subnet, or may put something into it: what names it, and its network interfaces.

Whatever is in a subnet has a network interface there, so that an account shows all of it. A plan
and a state show what names the subnet. Source: VPC User Guide, "Elastic network interfaces"; the
arguments are those of the provider's schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from revet.gate.readings.existence import texts_in
from revet.gate.readings.needed import refuse_unlisted
from revet.plan import Inventory, Reading, Resource
from revet.plan.doubts import Doubts
from revet.plan.held_policies import attached_to
from revet.plan.kinds import attribute_kinds
from revet.plan.provider_facts import subnet_arguments
from revet.plan.unread_marks import NOT_READ
from revet.plan.values import Computed, Symbolic, Undecided, Unread

_NAT = "aws_nat_gateway"
_DEFAULT = "aws_default_subnet"
_INTERFACE = "aws_network_interface"
_KIND = "interface_type"
_OF_NAT = "nat_gateway"
_VIA = "subnet_id"
_PUT_NOTHING_IN = frozenset(
    {
        "aws_default_network_acl",
        "aws_ec2_client_vpn_route",
        "aws_ec2_subnet_cidr_reservation",
        "aws_ec2_transit_gateway_multicast_domain_association",
        "aws_flow_log",
        "aws_network_acl",
        "aws_network_acl_association",
        "aws_networkmanager_connect_peer",
        "aws_networkmanager_device",
        "aws_route_table_association",
        "aws_vpc_block_public_access_exclusion",
    }
)
"""Types that name a subnet to say something of it, or of what is in it already."""
_MAY_PUT_IN: Mapping[str, tuple[str, ...]] = {
    "aws_cloudcontrolapi_resource": ("desired_state",),
    "aws_cloudformation_stack": ("parameters", "template_body"),
    "aws_cloudformation_stack_instances": ("parameter_overrides",),
    "aws_cloudformation_stack_set": ("parameters", "template_body"),
    "aws_cloudformation_stack_set_instance": ("parameter_overrides",),
    "aws_ram_resource_association": ("resource_arn",),
    "aws_serverlessapplicationrepository_cloudformation_stack": ("parameters",),
    "aws_servicecatalog_provisioned_product": ("provisioning_parameters",),
}
"""Types that hand a subnet on, to whom does not show, and their arguments that do."""


def others_in(subnet: Resource, inventory: Inventory, doubts: Doubts) -> Iterator[Resource]:
    """What is certainly in a subnet, or puts something there, and is no NAT gateway.

    Args:
        subnet: the subnet.
        inventory: it belongs to.
        doubts: why there may be more is added.
    """
    if inventory.reading is Reading.ACCOUNT:
        yield from _made_by_others(subnet, inventory, doubts)
    for kind in subnet_arguments():
        if kind != _NAT and kind not in _PUT_NOTHING_IN:
            yield from _naming(subnet, inventory, kind, doubts)
    if inventory.reading is not Reading.ACCOUNT:
        with doubts:
            _refuse_handed_on(subnet, inventory)
        with doubts:
            _refuse_default(subnet)


def _naming(
    subnet: Resource, inventory: Inventory, kind: str, doubts: Doubts
) -> Iterator[Resource]:
    """What of a type names a subnet.

    What an account is not read for shows there by its network interfaces.
    """
    seen = kind == _INTERFACE or inventory.covers(kind, subnet.provider_region)
    if not (seen or inventory.of_type(kind) or inventory.deleted):
        return
    own = Doubts()
    for via in subnet_arguments()[kind]:
        for found in attached_to(subnet, inventory, kind, via, own):
            with doubts:
                if not _is_of_nat(found):
                    yield found
    if seen:
        doubts += (one for one in own if kind == _INTERFACE or one.why != NOT_READ.why)


def _is_of_nat(found: Resource) -> bool:
    """Whether it is the network interface of a NAT gateway, which nobody writes."""
    if found.type != _INTERFACE:
        return False
    if isinstance(kind := found.get(_KIND), Unread):
        kind.refuse()
    return found.stated(_KIND) == _OF_NAT


def _made_by_others(subnet: Resource, inventory: Inventory, doubts: Doubts) -> Iterator[Resource]:
    """The network interfaces that an instance or a service of AWS has made for itself."""
    with doubts:
        inventory.require(_INTERFACE, subnet.provider_region)
        refuse_unlisted(inventory, _INTERFACE, region=subnet.provider_region)
    own = subnet.get("id")
    for found in inventory.data.values():
        with doubts:
            if found.type == _INTERFACE and found.get(_VIA) == own and not _is_of_nat(found):
                yield found


def _refuse_handed_on(subnet: Resource, inventory: Inventory) -> None:
    """Refuse to conclude anything where something may put into a subnet what does not show.

    Raises:
        UnknownValueError: a stack of CloudFormation has it, another account, or a resource of a
            type that is not known here.
    """
    for item in inventory.resources.values():
        if (item.type in _MAY_PUT_IN or _is_unknown(item.type)) and _has(item, subnet, inventory):
            raise subnet.doubt(
                "id",
                f"`{item.address}` has it, and may put something into it that does not show",
                "see what `revet verify` says of the account",
            )


def _has(item: Resource, subnet: Resource, inventory: Inventory) -> bool:
    """Whether a resource that may hand a subnet on has it; where that does not show, it may."""
    if inventory.waits_for(item, subnet):
        return True
    own, held = subnet.get("id"), item.values()
    if isinstance(own, str) and any(own in text for text in texts_in(held)):
        return True
    unnamed = isinstance(own, Undecided) and inventory.reading is not Reading.PLAN
    given = [held.get(name) for name in _MAY_PUT_IN.get(item.type, ())]
    return unnamed or any(map(_may_be_anything, _parts(given)))


def _may_be_anything(part: object) -> bool:
    """Whether somebody gives a value that is not known, nor is it of other resources of AWS."""
    if isinstance(part, Computed) or not isinstance(part, Undecided):
        return False
    named = part.references if isinstance(part, Symbolic) and part.strong else ()
    return not named or not all(name.startswith("aws_") or ".aws_" in name for name in named)


def _parts(held: object) -> Iterator[object]:
    """A value and everything in it."""
    yield held
    if isinstance(held, (list, dict)):
        for one in held.values() if isinstance(held, dict) else held:
            yield from _parts(one)


def _is_unknown(kind: str) -> bool:
    return kind.startswith(("aws_", "awscc_")) and attribute_kinds(kind) is None


def _refuse_default(subnet: Resource) -> None:
    """Refuse to conclude anything of a default subnet, where an account does not show it.

    Raises:
        UnknownValueError: it is one: what names no subnet is put there.
    """
    if subnet.type == _DEFAULT:
        why = "it is a default subnet, where AWS puts what names none"
        raise subnet.doubt("id", why, "use a subnet of your own, or read the account")
