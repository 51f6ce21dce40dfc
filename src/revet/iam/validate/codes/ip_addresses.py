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
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.guards import is_kind
from revet.iam.validate.place import Text
from revet.iam.validate.written import WrittenCondition

_Network: TypeAlias = IPv4Network | IPv6Network

_SOURCE_IP = "aws:sourceip"
_CIDR = re.compile(r"[0-9A-Fa-f.:]+(?:/(?:0|[1-9][0-9]{0,2}))?\Z")
_PRIVATE = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv6Network("fc00::/7"),
)


@functools.lru_cache(maxsize=1024)
def _read_range(text: str) -> _Network | None:
    """An address or a CIDR range; bits after the mask are dropped. None for anything else."""
    if _CIDR.match(text) is None:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@functools.lru_cache(maxsize=1024)
def _better_range(text: str) -> _Network | None:
    """The range that a range means whose first address has bits after the mask; else None."""
    address, slash, _ = text.partition("/")
    network = _read_range(text) if slash else None
    if network is None or network.network_address == ip_address(address):
        return None
    return network


@functools.lru_cache(maxsize=1024)
def _is_private(network: _Network) -> bool:
    """Whether all of it lies in a range that the internet does not route (RFC 1918, RFC 4193)."""
    return any(
        network.version == private.version and network.subnet_of(private)  # type: ignore[arg-type]
        for private in _PRIVATE
    )


def _addresses(condition: WrittenCondition) -> tuple[Text, ...]:
    """The values, when the operator is `IpAddress` or `NotIpAddress`."""
    return condition.values if is_kind(condition, Kind.IP_ADDRESS) else ()


@check(Level.ERROR, needs="ipaddress")
def type_mismatch_ip_range(condition: WrittenCondition) -> Hits:
    """Conditions on IP addresses compare with ranges.

    A value that is neither an address nor a range in CIDR notation.
    """
    for value in _addresses(condition):
        if "${" not in value.text and _read_range(value.text) is None:
            yield hit(
                f"{quoted(value.text)} is not an IP range. Write an address or a range such as "
                "203.0.113.0/24.",
                value.place,
            )


@check(Level.SUGGESTION, needs="ipaddress")
def improve_ip_range(condition: WrittenCondition) -> Hits:
    """The bits of an address after its mask do not count.

    A range that does not start at its own first address.
    """
    for value in _addresses(condition):
        better = _better_range(value.text)
        if better is not None:
            yield hit(
                f"The bits of {quoted(value.text)} after its mask are ignored. Write {better}.",
                value.place,
            )


def _private_sources(
    condition: WrittenCondition, effect: str, *, negated: bool, every: bool
) -> Hits:
    """`aws:SourceIp` is compared with private ranges, though it holds public addresses only.

    Values that are no ranges, or not known yet, are neither private nor public; `every` asks that
    all values are private, else some must be private and some public.
    """
    if condition.lower != _SOURCE_IP or not is_kind(condition, Kind.IP_ADDRESS, negated=negated):
        return
    private: list[Text] = []
    public = False
    for value in condition.values:
        network = None if has_symbol(value.text) else _read_range(value.text)
        if network is not None and _is_private(network):
            private.append(value)
        elif network is not None:
            public = True
    if not private:
        return
    only = f"but {condition.key} holds public addresses only: {effect}"
    if every and len(private) == len(condition.values):
        yield hit(f"The ranges are private, {only}", condition.value_place)
    elif public and not every:
        shown = ", ".join(quoted(value.text) for value in private)
        yield hit(f"{shown} is private, {only}", *(value.place for value in private))


@check(Level.ERROR, needs="ipaddress")
def private_ip_address(condition: WrittenCondition) -> Hits:
    """`aws:SourceIp` holds public addresses only, so private ranges never match.

    `IpAddress` with nothing but private ranges.
    """
    effect = "this never matches. Use aws:VpcSourceIp, or public addresses."
    return _private_sources(condition, effect, negated=False, every=True)


@check(Level.SUGGESTION, needs="ipaddress")
def private_ip_address_subset(condition: WrittenCondition) -> Hits:
    """`aws:SourceIp` holds public addresses only; private ranges among others never match.

    `IpAddress` with private and public ranges.
    """
    effect = "it never matches. Use aws:VpcSourceIp for private addresses."
    return _private_sources(condition, effect, negated=False, every=False)


@check(Level.ERROR, needs="ipaddress")
def private_not_ip_address(condition: WrittenCondition) -> Hits:
    """`aws:SourceIp` holds public addresses only, so excluding private ranges excludes nothing.

    `NotIpAddress` with nothing but private ranges.
    """
    effect = "this always matches. Use aws:VpcSourceIp, or public addresses."
    return _private_sources(condition, effect, negated=True, every=True)


@check(Level.SUGGESTION, needs="ipaddress")
def private_not_ip_address_subset(condition: WrittenCondition) -> Hits:
    """`aws:SourceIp` holds public addresses only; private ranges among others exclude nothing.

    `NotIpAddress` with private and public ranges.
    """
    effect = "it excludes nothing. Use aws:VpcSourceIp for private addresses."
    return _private_sources(condition, effect, negated=True, every=False)
