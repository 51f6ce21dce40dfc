"""Values of conditions, read as what their operator compares.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", one section a kind.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import ipaddress
import re
from dataclasses import dataclass
from decimal import Decimal

from revet.iam.arn_pattern import split_arn
from revet.iam.globs import Glob

_INTEGER = re.compile(r"[+-]?[0-9]{1,40}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}\.[0-9]{1,40}")
_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)
_EPOCH = re.compile(r"(-?[0-9]{1,18})(?:\.([0-9]{1,9}))?")
_OCTETS = 4
_FOURTH_BITS = 32
_FOURTH_PREFIX = re.compile("[12]?[0-9]|3[0-2]")
_BYTE = 255
_OCTET_DIGITS = 3
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_LAST_HOUR, _LAST_SIXTIETH = 23, 59
_NANOSECONDS = 1_000_000_000
_USUAL_LENGTH, _USUAL_MARKS = 20, "--T::Z"
_FIRST_DAY = dt.date(1970, 1, 1).toordinal()
_FIELDS = 6


@dataclass(frozen=True, slots=True)
class Network:
    """A range of IP addresses.

    Args:
        version: 4 or 6; addresses of one version are never in a network of the other.
        first: its lowest address as a number.
        last: its highest address as a number.
    """

    version: int
    first: int
    last: int

    def holds(self, address: tuple[int, int]) -> bool:
        """Whether an address, (version, number), lies in it."""
        return address[0] == self.version and self.first <= address[1] <= self.last


@dataclass(frozen=True, slots=True)
class ArnGlob:
    """A pattern of ARNs: six patterns, one a field, none of which reaches over a colon.

    Args:
        fields: `arn`, partition, service, region, account and resource.
        text: the pattern as written.
    """

    fields: tuple[Glob, Glob, Glob, Glob, Glob, Glob]
    text: str

    @property
    def is_open(self) -> bool:
        """Whether variables or references must be filled in before it can match."""
        return any(field.is_open for field in self.fields)

    def matches(self, arn: list[str]) -> bool:
        """Whether an ARN, split at its first five colons, is in the set."""
        return all(field.matches(text) for field, text in zip(self.fields, arn, strict=True))


def read_number(text: str) -> int | Decimal | None:
    """An integer or decimal, exactly; `None` for anything else."""
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def read_instant(text: str) -> int | None:
    """Nanoseconds since 1970-01-01T00:00Z; `None` for anything that is not a date.

    Takes the forms of ISO 8601 that W3C's note "Date and Time Formats" lists (a time needs its
    zone) and seconds since the epoch. Four digits are a year.
    """
    if len(text) == _USUAL_LENGTH and text[4::3] == _USUAL_MARKS:
        return _usual(text)
    match = _DATE.fullmatch(text)
    if match is None:
        epoch = _EPOCH.fullmatch(text)
        if epoch is None:
            return None
        nanoseconds = int((epoch[2] or "0").ljust(9, "0"))
        sign = -1 if text.startswith("-") else 1
        return int(epoch[1]) * _NANOSECONDS + sign * nanoseconds
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        days = dt.date(int(year), int(month or 1), int(day or 1)).toordinal() - _FIRST_DAY
    except ValueError:
        return None
    clock = (int(hour or 0), int(minute or 0), int(second or 0))
    if clock[0] > _LAST_HOUR or max(clock[1:]) > _LAST_SIXTIETH:
        return None
    seconds = days * _DAY + clock[0] * _HOUR + clock[1] * _MINUTE + clock[2] - _offset(zone)
    return seconds * _NANOSECONDS + int((fraction or "0").ljust(9, "0"))


def _usual(text: str) -> int | None:
    """`2020-01-31T23:59:59Z`, the form that requests have: several times as fast."""
    try:
        return int(dt.datetime.fromisoformat(text).timestamp()) * _NANOSECONDS
    except ValueError:
        return None


def _offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    seconds = int(zone[1:3]) * _HOUR + int(zone[4:6]) * _MINUTE
    return -seconds if zone[0] == "-" else seconds


def read_bool(text: str) -> bool | None:
    """`true` or `false` in any case; `None` for anything else."""
    return {"true": True, "false": False}.get(text.lower())


def read_bytes(text: str) -> bytes | None:
    """The bytes of a text in base 64; `None` when it is not."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def read_address(text: str) -> tuple[int, int] | None:
    """An IP address as (version, number); `None` for anything else."""
    parts = text.split(".")
    if len(parts) == _OCTETS:
        number = 0
        for part in parts:
            if not (part.isdigit() and part.isascii()) or (part[0] == "0" and part != "0"):
                return None
            if len(part) > _OCTET_DIGITS or (octet := int(part)) > _BYTE:
                return None
            number = number << 8 | octet
        return 4, number
    try:
        return 6, int(ipaddress.IPv6Address(text))
    except ValueError:
        return None


def read_network(text: str) -> Network | None:
    """An address or a range in CIDR form; bits behind the prefix are ignored."""
    address, slash, bits = text.partition("/")
    found = None if ":" in address else read_address(address)
    if found is not None and (not slash or _FOURTH_PREFIX.fullmatch(bits)):  # most are like this
        free = _FOURTH_BITS - int(bits or _FOURTH_BITS)
        first = found[1] >> free << free
        return Network(4, first, first + (1 << free) - 1)
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    last = int(network.broadcast_address)
    return Network(network.version, int(network.network_address), last)


def read_arn_glob(text: str, *, variables: bool) -> ArnGlob | None:
    """A pattern of ARNs; `None` when it does not have six fields."""
    fields = split_arn(text)
    if len(fields) != _FIELDS:
        return None
    globs = [Glob.parse(field, variables=variables) for field in fields]
    return ArnGlob((globs[0], globs[1], globs[2], globs[3], globs[4], globs[5]), text)
