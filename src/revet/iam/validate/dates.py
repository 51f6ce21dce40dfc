"""Dates in conditions.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators" (Date condition operators):
the W3C profile of ISO 8601, or seconds since 1970.
"""

from __future__ import annotations

import datetime as dt
import re

_NUMBER = re.compile(r"-?[0-9]+\Z")
_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?)?)?)?\Z"
)


def is_epoch(text: str) -> bool:
    """Whether it is a plain number, which AWS takes for seconds since 1970 (`2025` too)."""
    return _NUMBER.match(text) is not None


def is_date(text: str) -> bool:
    """Whether it is a date or a time of ISO 8601 that exists."""
    found = _DATE.match(text)
    if found is None:
        return False
    fields = {name: int(value) for name, value in found.groupdict().items() if value}
    second = fields.pop("second", 0)
    if second > 60:  # noqa: PLR2004 - 60 is a leap second
        return False
    try:
        dt.datetime(
            fields["year"],
            fields.get("month", 1),
            fields.get("day", 1),
            fields.get("hour", 0),
            fields.get("minute", 0),
            tzinfo=dt.UTC,
        )
    except ValueError:
        return False
    return True
