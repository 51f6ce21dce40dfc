"""Rules of one security group that are open to the whole internet only together.

`0.0.0.0/1` in one rule and `128.0.0.0/1` in another let everybody in, when both hold for some port.
Where a part is not known, the answer is not known either once the known ranges leave less than
what the unknown ones may hold: of two of them everything, of one half the internet.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from revet.gate.readings.ec2.address_ranges import whole_internet
from revet.gate.readings.ec2.security_groups import (
    GROUPS,
    SEPARATE,
    VIA,
    WAYS,
    GroupRule,
    Member,
    ranges_of,
    rules_in_effect,
    separate,
)
from revet.gate.readings.needed import refuse_unlisted
from revet.model.errors import UnknownValueError
from revet.model.work import spend
from revet.plan import Inventory, Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.recognized import is_id_of
from revet.plan.single_rules import EVERY_PROTOCOL, PROTOCOLS, protocol_name
from revet.plan.terraform_types import terraform_type
from revet.plan.values import Unread

_ICMP = ("icmp", "icmpv6")
_LAST_PORT = 65535
_LAST_PROTOCOL = 255
_NUMBER = re.compile(r"[0-9]{1,3}")
_HALF = 0.5
_TWO = 2


@dataclass(frozen=True, slots=True)
class Together:
    """Rules that are open only together.

    Args:
        direction: `ingress` or `egress`.
        ranges: theirs, in words.
        rules: addresses of the resources that make them.
    """

    direction: str
    ranges: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """The traffic that a rule is for: ports, or type and code of ICMP."""

    protocol: str
    first: int
    last: int

    def covers(self, other: _Span) -> bool:
        """Whether it is also for where the other one starts."""
        if self.protocol == EVERY_PROTOCOL:
            return True
        if self.protocol != other.protocol:
            return False
        if self.protocol in _ICMP:
            return self.first in (-1, other.first)
        return self.first <= other.first <= self.last


@dataclass(frozen=True, slots=True)
class _Piece:
    """The ranges of one rule.

    Args:
        address: of the resource that makes it.
        ranges: in CIDR notation.
        span: what it is for; `None` when that is not known.
        doubt: why it is not certain that the rule is of this group and direction.
        unknown: why its ranges are not known.
    """

    address: str
    ranges: tuple[str, ...]
    span: _Span | None
    doubt: UnknownValueError | None = None
    unknown: UnknownValueError | None = None


def open_together(subject: Resource, inventory: Inventory) -> Together | None:
    """The rules of a group that let in from, or out to, the whole internet only together.

    Args:
        subject: an `aws_security_group` or `aws_default_security_group`; or a rule that is a
            resource of its own, for a group outside of the inventory.
        inventory: it belongs to.

    Returns:
        None for a rule that has no part in it, or that is judged with its group.

    Raises:
        UnknownValueError: a part that decides it is not known.
    """
    refuse_unlisted(inventory, *SEPARATE, region=subject.provider_region)
    members = _of_group if subject.type in GROUPS else _beside
    pieces = [
        (rule.direction, _piece(rule, inventory, perhaps))
        for rule, perhaps in members(subject, inventory)
    ]
    if len(pieces) < _TWO:
        return None
    for direction in WAYS:
        found = _judge(
            direction,
            [
                piece
                for way, piece in pieces
                if way in (direction, "") and not whole_internet(piece.ranges)  # open by itself
            ],
        )
        if found is not None and (subject.type in GROUPS or subject.address in found.rules):
            return found
    return None


def _of_group(group: Resource, inventory: Inventory) -> Iterator[Member]:
    for rule in rules_in_effect(group, inventory):
        yield rule, None
    for kind in SEPARATE:
        certain, perhaps = inventory.attachments(group, kind, via=VIA)
        yield from map(separate, certain)
        yield from (_perhaps_of(item, group) for item in perhaps)


def _beside(rule: Resource, inventory: Inventory) -> Iterator[Member]:
    """The rules of the group outside of the inventory that a rule belongs to, or may belong to."""
    try:
        if inventory.target(rule, VIA) is not None:
            return
        name = rule.get(VIA)
        if isinstance(name, Undecided):
            name.refuse()
        if not is_id_of(GROUPS[0], name):
            raise _why(rule, VIA, f"`{name}` is not the id of a group")
    except UnknownValueError as doubt:
        yield separate(rule)
        for other in inventory.of_type(*SEPARATE):
            if other is not rule:
                yield separate(other)[0], doubt
        return
    for kind in SEPARATE:
        certain, perhaps = inventory.named(kind, VIA, str(name))
        yield from map(separate, certain)
        mine = (item for item in perhaps if not _is_of_another(item, inventory))
        yield from (_perhaps_of(item, item) for item in mine)


def _is_of_another(item: Resource, inventory: Inventory) -> bool:
    """Whether a rule certainly belongs to a group of the inventory."""
    try:
        return inventory.target(item, VIA) is not None
    except UnknownValueError:
        return False


def _perhaps_of(item: Resource, group: Resource) -> Member:
    rule, doubt = separate(item)
    names = (group.get(name) for name in terraform_type(group.type).known_by)
    doubt = doubt or _unread(item.get(VIA), *names)
    return rule, doubt or _why(item, VIA, "which group it belongs to is not known")


def _unread(*values: object) -> UnknownValueError | None:
    """Why the first of some values that was not read was not."""
    return next((value.doubt() for value in values if isinstance(value, Unread)), None)


def _piece(rule: GroupRule, inventory: Inventory, doubt: UnknownValueError | None) -> _Piece:
    address = rule.resource.address
    span = _span(rule)
    if span is None:
        doubt = doubt or _unread(*rule.traffic)
    try:
        ranges = ranges_of(rule, inventory)
    except UnknownValueError as error:
        return _Piece(address, (), span, doubt, error)
    return _Piece(address, ranges, span, doubt)


def _span(rule: GroupRule) -> _Span | None:
    """What a rule is for; `None` where that is not known, or is nothing that AWS would take."""
    protocol, first, last = rule.traffic
    if isinstance(protocol, Undecided) or not protocol:
        return None
    name = protocol_name(protocol)
    if name == EVERY_PROTOCOL:
        return _Span(EVERY_PROTOCOL, 0, _LAST_PORT)
    if isinstance(first, Undecided) or isinstance(last, Undecided):
        return None
    first, last = first or 0, _LAST_PORT if last is None else last
    known = name in PROTOCOLS.values() or (_NUMBER.fullmatch(name) and int(name) <= _LAST_PROTOCOL)
    ordered = name in _ICMP or first <= last  # type and code of ICMP have no order
    every = all(-1 <= port <= _LAST_PORT for port in (first, last))  # -1 is every port
    return _Span(name, first, last) if known and ordered and every else None


def _judge(direction: str, pieces: list[_Piece]) -> Together | None:
    """What the rules of one direction come to, for the traffic where most of them meet."""
    spend(len(pieces))
    unknown = [piece for piece in pieces if piece.unknown is not None]
    if not unknown and max(_shares(pieces)) < 1:
        return None
    doubts = Doubts()
    starts = dict.fromkeys(piece.span for piece in pieces if piece.span is not None)
    for start in starts or (_Span(EVERY_PROTOCOL, 0, _LAST_PORT),):
        here = [piece for piece in pieces if piece.span is None or piece.span.covers(start)]
        certain = [p for p in here if p.span is not None and p.doubt is None]
        wide = whole_internet(one for piece in certain for one in piece.ranges)
        if wide:
            return Together(direction, wide, tuple(dict.fromkeys(p.address for p in certain)))
        doubts += [] if doubts else _perhaps(here)
    return doubts.settled(None)


def _perhaps(pieces: list[_Piece]) -> list[UnknownValueError]:
    """Why rules may be open together that are not for certain; nothing when they cannot be."""
    if whole_internet(one for piece in pieces for one in piece.ranges):
        doubts = [piece.doubt for piece in pieces if piece.doubt is not None]
        doubts += [_why_span(piece) for piece in pieces if piece.span is None]
        return doubts
    unknown = [piece.unknown for piece in pieces if piece.unknown is not None]
    if unknown and max(_shares(pieces)) + _HALF * len(unknown) >= 1:
        return unknown
    return []


def _shares(pieces: Iterable[_Piece]) -> tuple[float, float]:
    """The share of IPv4 and of IPv6 that ranges have at most, overlaps counted twice."""
    shares = [0.0, 0.0]
    for text in dict.fromkeys(one for piece in pieces for one in piece.ranges):
        network = ipaddress.ip_network(text, strict=False)
        shares[network.version != 4] += 0.5**network.prefixlen  # noqa: PLR2004 - the version
    return shares[0], shares[1]


def _why(item: Resource, name: str, why: str) -> UnknownValueError:
    return item.doubt(name, why, "refer to the group itself, and write the rule out")


def _why_span(piece: _Piece) -> UnknownValueError:
    return UnknownValueError(
        piece.address,
        why="the ports that it is for are not known, and with other rules it may be open to all",
        resolve="write its protocol and ports out",
    )
