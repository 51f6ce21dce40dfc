"""Who may connect to the members of a security group: address ranges and prefix lists."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

import cdktn

from revet.constructs.arguments import check_match, check_reason, refuse

_PREFIX_LIST = re.compile(r"pl-[0-9a-f]{8,17}|\$\{.+", re.DOTALL)
_ARGUMENT = "allow_outside_vpc"


@dataclass(frozen=True, slots=True)
class PrefixList:
    """A list of address ranges that AWS or somebody in the account keeps.

    Args:
        id: `pl-…`, or a reference to one.

    Raises:
        ArgumentError: it is neither.
    """

    id: str

    def __post_init__(self) -> None:
        """Check the id."""
        check_match(
            "id",
            self.id,
            _PREFIX_LIST,
            "the id of a prefix list, `pl-` and 8 to 17 of `0-9a-f`",
            "look it up with `data.aws_ec2_managed_prefix_list`",
        )

    @property
    def is_reference(self) -> bool:
        """Whether the id is a reference, known only to Terraform."""
        return bool(cdktn.Token.is_unresolved(self.id))


@dataclass(frozen=True, slots=True)
class Range:
    """A checked address range.

    Args:
        network: the range.
        outside: whether it lies outside the VPC.
    """

    network: ipaddress.IPv4Network | ipaddress.IPv6Network
    outside: bool

    @property
    def is_everyone(self) -> bool:
        """Whether it is the whole internet."""
        return self.network.prefixlen == 0

    @property
    def word(self) -> str:
        """The range as part of a name: `10-0-0-0-16`."""
        return re.sub(r"[^0-9a-f]+", "-", self.network.exploded.lower()).strip("-")


def check_range_of_vpc(value: object, vpc: ipaddress.IPv4Network, reason: object) -> Range:
    """Check an address range as the source of a rule.

    Args:
        value: IPv4 or IPv6 range.
        vpc: range of the VPC.
        reason: why a range outside the VPC is let in; empty where none is.

    Raises:
        ArgumentError: no range, one outside the VPC without a reason, or a reason that is not
            needed or says nothing.
    """
    if not isinstance(value, str):
        refuse(
            "source",
            value,
            "an `ec2.SecurityGroup`, an `ec2.PrefixList` or a range inside the VPC",
            "name who connects",
        )
    try:
        network = ipaddress.ip_network(value)
    except ValueError as error:
        refuse("source", value, "a range such as `10.0.0.0/20`", f"correct it: {error}")
    inside = isinstance(network, ipaddress.IPv4Network) and network.subnet_of(vpc)
    if inside:
        check_no_reason(reason)
    elif reason == "":
        refuse(
            "source",
            value,
            f"a range inside the VPC, `{vpc}`",
            f"name a security group or a prefix list, or say in `{_ARGUMENT}=` why it must be open",
        )
    else:
        check_reason(_ARGUMENT, reason)
    return Range(network, outside=not inside)


def check_no_reason(reason: object) -> None:
    """Check that no reason is given where nothing is weakened.

    Raises:
        ArgumentError: there is one.
    """
    if reason != "":
        refuse(
            _ARGUMENT,
            reason,
            "nothing: this source is not an address range outside the VPC",
            "leave it out",
        )
