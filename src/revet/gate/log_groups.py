"""Whether a `Resource` pattern names one log group and its streams, and nothing else."""

from __future__ import annotations

import re

from revet.iam.symbol import is_exact, symbols
from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Resource

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
        return _means(first.group(), "arn", group, inventory) and not _widens(
            pattern[first.end() :]
        )
    match = _GROUP_ARN.match(pattern)
    if match is None:
        if "${" in pattern and "log-group:" in pattern and "*" not in pattern:
            raise _undecided(pattern)
        return False
    name = match.group("name")
    if name.startswith("${"):
        return _means(name, "name", group, inventory)
    return bool(group.get("name") == name)


def _means(symbol: str, attribute: str, group: Resource, inventory: Inventory) -> bool:
    referred = inventory.symbol(symbol)
    if referred is not None and referred.address != group.address:
        return False
    exact = all(map(is_exact, symbols(symbol)))
    if referred is None or not exact or not symbol.endswith(f".{attribute}}}"):
        raise _undecided(symbol)
    return True


def _widens(rest: str) -> bool:
    """Whether what follows an ARN lets it reach other groups: `…group*` does, `…group:*` not."""
    return bool(rest) and not rest.startswith(":")


def _undecided(pattern: str) -> UnknownValueError:
    return UnknownValueError(
        pattern,
        why="it is not known which log group this names",
        resolve="refer to the log group directly: `aws_cloudwatch_log_group.NAME.arn`",
    )
