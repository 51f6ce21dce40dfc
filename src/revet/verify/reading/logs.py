"""Log groups, as they are in the account."""

from __future__ import annotations

from typing import Any

from revet.verify.reader import MissingResourceError, Reader


def read_log_group(reader: Reader, name: str, region: str) -> dict[str, Any]:
    """One log group; needs `logs:DescribeLogGroups`.

    Args:
        reader: of the account.
        name: its full name.
        region: where it lives.

    Returns:
        Its entry in the answer of `DescribeLogGroups`.

    Raises:
        MissingResourceError: there is no group of exactly this name.
    """
    reply = reader.call("logs", "describe_log_groups", region=region, logGroupNamePrefix=name)
    for group in reply.get("logGroups", ()):
        if group["logGroupName"] == name:
            found: dict[str, Any] = group
            return found
    raise MissingResourceError(
        "it does not exist in the account",
        where=f"log group `{name}` in `{region}`",
        got="no group of this name",
        do="deploy again",
    )
