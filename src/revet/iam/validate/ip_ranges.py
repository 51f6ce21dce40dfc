"""Addresses and ranges in conditions on IP addresses.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators" (IP address condition
operators); "AWS global condition context keys" (`aws:SourceIp` holds public addresses only).
"""

from __future__ import annotations

import functools
import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from revet.iam.operators import Kind
from revet.iam.symbol import has_symbol
from revet.iam.validate.place import Text
from revet.iam.validate.subject import ConditionSubject

Network: TypeAlias = IPv4Network | IPv6Network

SOURCE_IP = "aws:sourceip"
_CIDR = re.compile(r"[0-9A-Fa-f.:]+(?:/(?:0|[1-9][0-9]{0,2}))?\Z")
_PRIVATE = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv6Network("fc00::/7"),
)


@functools.lru_cache(maxsize=1024)
def read_range(text: str) -> Network | None:
    """An address or a CIDR range; bits after the mask are dropped. None for anything else."""
    if _CIDR.match(text) is None:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@functools.lru_cache(maxsize=1024)
def better_range(text: str) -> Network | None:
    """The range that a range means whose first address has bits after the mask; else None."""
    address, slash, _ = text.partition("/")
    network = read_range(text) if slash else None
    if network is None or network.network_address == ip_address(address):
        return None
    return network


@functools.lru_cache(maxsize=1024)
def is_private(network: Network) -> bool:
    """Whether all of it lies in a range that the internet does not route (RFC 1918, RFC 4193)."""
    return any(
        network.version == private.version and network.subnet_of(private)  # type: ignore[arg-type]
        for private in _PRIVATE
    )


def compares_addresses(condition: ConditionSubject) -> bool:
    """Whether the operator is `IpAddress` or `NotIpAddress`."""
    used = condition.operator
    return used is not None and used.operator.kind is Kind.IP_ADDRESS


def private_sources(condition: ConditionSubject, *, negated: bool) -> tuple[list[Text], bool]:
    """The private ranges among the values of `aws:SourceIp`.

    Args:
        condition: the condition.
        negated: whether to look at `NotIpAddress` only, or at `IpAddress` only.

    Returns:
        The values that are private, and whether all values are. Values that are no ranges, or not
        known yet, are neither private nor public.
    """
    used = condition.operator
    if (
        condition.lower != SOURCE_IP
        or used is None
        or used.operator.kind is not Kind.IP_ADDRESS
        or used.operator.negated is not negated
    ):
        return [], False
    private: list[Text] = []
    public = False
    for value in condition.values:
        network = None if has_symbol(value.text) else read_range(value.text)
        if network is None:
            continue
        if is_private(network):
            private.append(value)
        else:
            public = True
    if len(private) == len(condition.values):
        return private, True
    return (private, False) if public else ([], False)
