"""Log groups: how long they keep events, and whether a `Resource` pattern names one of them.

Source: CloudWatch Logs API Reference, `PutRetentionPolicy`: the numbers of days that it takes.
"""

from __future__ import annotations

import re

from revet.gate.readings.values import one_of
from revet.iam.symbol import is_exact, symbols
from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Resource

_MONTHS = (30, 60, 90, 120, 150, 180)
_YEARS = (365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
_DAYS = (1, 3, 5, 7, 14, *_MONTHS, *_YEARS)
_SYMBOL = re.compile(r"\$\{[^{}]*\}")
_GROUP_ARN = re.compile(
    r"^arn:(?:[a-z-]+|\$\{[^{}]*\}):logs:(?:[a-z0-9-]+|\$\{[^{}]*\}):(?:\d{12}|\$\{[^{}]*\})"
    r":log-group:(?P<name>\$\{[^{}]*\}|[^:*?$]+)(?::.*)?$"
)


def is_group(pattern: str, group: Resource, inventory: Inventory) -> bool:
    """Whether a pattern reaches a log group or its streams, and no other.

    Args:
        pattern: of a statement; symbols `${aws_cloudwatch_log_group.x.arn}` are in it.
        group: an `aws_cloudwatch_log_group`.
        inventory: it belongs to.

    Raises:
        UnknownValueError: the plan does not show which group it names.
    """
    first = _SYMBOL.match(pattern)
    if first:
        rest = pattern[first.end() :]  # `…group*` reaches other groups too, `…group:*` does not
        own = not rest or rest.startswith(":")
        return _means(first.group(), "arn", group, inventory) and own
    match = _GROUP_ARN.match(pattern)
    if match is None:
        if "${" in pattern and "log-group:" in pattern and "*" not in pattern:
            raise _undecided(pattern)
        return False
    name = match.group("name")
    if name.startswith("${"):
        return _means(name, "name", group, inventory)
    return bool(group.get("name") == name)


def retention_fault(group: Resource, days: int = 1) -> str:
    """Say why a log group does not keep its events for a set time.

    Zero and nothing mean *never expires*: nobody decided.

    Args:
        group: an `aws_cloudwatch_log_group`.
        days: that it must keep them for at least.

    Returns:
        What is wrong; empty when nothing is.

    Raises:
        UnknownValueError: it is not known, or not a number of days that AWS takes.
    """
    kept = group.get("retention_in_days")
    if not kept:
        how = "is not set" if kept is None else f"is {kept}"
        return f"`retention_in_days` {how}: events never expire"
    why = "{} is not a number of days that CloudWatch Logs takes"
    one_of(group, "retention_in_days", _DAYS, why)
    return f"events are kept for {kept} days, not {days}" if kept < days else ""


def _means(symbol: str, attribute: str, group: Resource, inventory: Inventory) -> bool:
    referred = inventory.symbol(symbol)
    if referred is not None and referred.address != group.address:
        return False
    exact = all(map(is_exact, symbols(symbol)))
    if referred is None or not exact or not symbol.endswith(f".{attribute}}}"):
        raise _undecided(symbol)
    return True


def _undecided(pattern: str) -> UnknownValueError:
    return UnknownValueError(
        pattern,
        why="it is not known which log group this names",
        resolve="refer to the log group directly: `aws_cloudwatch_log_group.NAME.arn`",
    )
