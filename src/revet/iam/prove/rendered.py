"""Numbers, instants and addresses as the texts that requests have."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Callable

from revet.iam.prove.intervals import Number
from revet.iam.prove.literals import SIXTH_VERSION, Theory

_NANOSECONDS = 1_000_000_000
_FIRST = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_LAST = dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def _number(number: Number) -> str:
    return format(number, "f" if not isinstance(number, int) else "d")


def _instant(number: Number) -> str:
    seconds, rest = divmod(int(number), _NANOSECONDS)
    if not (_FIRST - _EPOCH).total_seconds() <= seconds <= (_LAST - _EPOCH).total_seconds():
        return str(seconds)
    moment = (_EPOCH + dt.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    return f"{moment}.{rest:09d}Z" if rest else f"{moment}Z"


def _address(number: Number) -> str:
    if number < SIXTH_VERSION:
        return str(ipaddress.IPv4Address(int(number)))
    return str(ipaddress.IPv6Address(int(number) - SIXTH_VERSION))


RENDER: dict[Theory, Callable[[Number], str]] = {
    Theory.NUMBER: _number,
    Theory.INSTANT: _instant,
    Theory.ADDRESS: _address,
}
"""How a value of a theory is written in a request's context."""
