"""Ranges of addresses, and when some of them are the whole internet."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import TypeVar

from revet.model.errors import UnknownValueError
from revet.plan import Resource, Symbolic

_MOST_RANGES = 20
_LENGTH = re.compile(r"/([0-9]+)$")
_Network = TypeVar("_Network", ipaddress.IPv4Network, ipaddress.IPv6Network)
_OWN_RANGE = re.compile(r"^\$\{aws_(?:default_)?(?:vpc|subnet)\.[^.{}]+\.(?:ipv6_)?cidr_block\}$")
_EXAMPLE = "write it as `10.0.0.0/16` or `fd00::/48`"


def whole_internet(ranges: Iterable[str]) -> str:
    """The ranges, when they leave nothing out of IPv4 or of IPv6; else empty.

    Args:
        ranges: in CIDR notation; empty ones are left out.

    Raises:
        UnknownValueError: one is not a CIDR range.
    """
    networks = [network for network in map(_network, ranges) if network]
    return _gapless({n for n in networks if isinstance(n, ipaddress.IPv4Network)}) or _gapless(
        {n for n in networks if isinstance(n, ipaddress.IPv6Network)}
    )


def range_of(resource: Resource, path: str) -> str:
    """A CIDR range; empty for one that is not known but certainly is not the whole internet.

    Raises:
        UnknownValueError: it is not known, or empty.
    """
    value = resource.get(path)
    if isinstance(value, Symbolic) and value.template:
        length = _LENGTH.search(value.template)
        if _OWN_RANGE.match(value.template) or (length and int(length[1]) > 1):
            return ""
    if not value:
        raise resource.doubt(path, "a range is empty", _EXAMPLE)
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
        raise UnknownValueError(text, why="it is not a CIDR range", resolve=_EXAMPLE) from error
