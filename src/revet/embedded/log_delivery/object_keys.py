"""Keys of the objects that Firehose delivers: prefixes with `!{namespace:value}`.

Source: Amazon Data Firehose Developer Guide, "Understand custom prefixes for Amazon S3 objects":
the namespaces, the forms of Java's DateTimeFormatter, and what is added where a prefix names no
time; "Configure Amazon S3 object name format".
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
import string
import uuid
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

_EXPRESSION = re.compile(r"!\{(?P<space>[A-Za-z]+):(?P<value>[^}]*)\}")
_PATTERN = re.compile(r"'(?P<quoted>[^']*)'|(?P<letters>([A-Za-z])\3*)|(?P<other>.)", re.DOTALL)
_BY_HOUR = "!{timestamp:yyyy/MM/dd/HH}/"
_ERROR = "processing-failed"
_RANDOM = 11


class PrefixError(ValueError):
    """A prefix that cannot be evaluated; the text says why."""


def object_key(
    stream: str, version: str, prefix: str, now: dt.datetime, zone: str, suffix: str
) -> str:
    """The key of what is delivered.

    Args:
        stream: its name.
        version: of its configuration.
        prefix: as configured; empty without one.
        now: when the first record arrived, with its time zone.
        zone: time zone of the prefix.
        suffix: with its dot; empty without one.

    Raises:
        PrefixError: the prefix cannot be evaluated.
    """
    return _key(stream, version, _timed(prefix), now, zone, suffix, {})


def error_key(
    stream: str, version: str, prefix: str, error_prefix: str, now: dt.datetime, zone: str
) -> str:
    """The key of what could not be processed.

    Args:
        stream: its name.
        version: of its configuration.
        prefix: as configured; used where there is no other.
        error_prefix: as configured; empty without one.
        now: when the first record arrived, with its time zone.
        zone: time zone of the prefix.

    Raises:
        PrefixError: the prefix cannot be evaluated.
    """
    if not error_prefix:
        literal = prefix if "!{" not in prefix else ""
        error_prefix = f"{literal}!{{firehose:error-output-type}}/"
    asked = error_prefix if "!{" in error_prefix else f"{error_prefix}{_ERROR}/"
    return _key(stream, version, _timed(asked), now, zone, "", {"error-output-type": _ERROR})


def _timed(prefix: str) -> str:
    return prefix if "!{timestamp:" in prefix else f"{prefix}{_BY_HOUR}"


def _key(
    stream: str,
    version: str,
    prefix: str,
    now: dt.datetime,
    zone: str,
    suffix: str,
    more: Mapping[str, str],
) -> str:
    local = now.astimezone(ZoneInfo(zone or "UTC"))

    def value(found: re.Match[str]) -> str:
        if found["space"] == "timestamp":
            return formatted(local, found["value"])
        if found["space"] == "firehose" and found["value"] == "random-string":
            letters = string.ascii_letters + string.digits
            return "".join(secrets.choice(letters) for _ in range(_RANDOM))
        if found["space"] == "firehose" and found["value"] in more:
            return more[found["value"]]
        raise PrefixError(f"`{found[0]}` of the prefix is not evaluated here")

    moment = now.strftime("%Y-%m-%d-%H-%M-%S")
    return f"{_EXPRESSION.sub(value, prefix)}{stream}-{version}-{moment}-{uuid.uuid4()}{suffix}"


def formatted(moment: dt.datetime, pattern: str) -> str:
    """A moment in a form of Java's DateTimeFormatter.

    Args:
        moment: with its time zone.
        pattern: of letters for year to second, quoted texts and other characters.

    Raises:
        PrefixError: it has letters that stand for something else.
    """
    return "".join(_piece(moment, found) for found in _PATTERN.finditer(pattern))


def _piece(moment: dt.datetime, found: re.Match[str]) -> str:
    if found["quoted"] is not None:
        return found["quoted"] or "'"
    if found["other"] is not None:
        return str(found["other"])
    letters = str(found["letters"])
    number = _NUMBERS.get(letters[0])
    if letters in ("MMM", "MMMM", "EEE", "EEEE"):
        codes = {"MMM": "%b", "MMMM": "%B", "EEE": "%a", "EEEE": "%A"}
        return moment.strftime(codes[letters])
    if letters[0] in "yYu" and len(letters) == 2:  # noqa: PLR2004 - a year of two digits
        return f"{moment.year % 100:02}"
    if number is None or (letters[0] in "MLdHhms" and len(letters) > 2):  # noqa: PLR2004 - its digits
        raise PrefixError(f"`{letters}` of the prefix's timestamp is not evaluated here")
    return f"{number(moment):0{len(letters)}}"


_NUMBERS: Mapping[str, Callable[[dt.datetime], int]] = {
    "y": lambda moment: moment.year,
    "Y": lambda moment: moment.isocalendar().year,
    "u": lambda moment: moment.year,
    "M": lambda moment: moment.month,
    "L": lambda moment: moment.month,
    "d": lambda moment: moment.day,
    "D": lambda moment: moment.timetuple().tm_yday,
    "H": lambda moment: moment.hour,
    "h": lambda moment: moment.hour % 12 or 12,
    "m": lambda moment: moment.minute,
    "s": lambda moment: moment.second,
}
