"""Statements of a bucket policy: which only read, and which let CloudTrail write for one trail."""

from __future__ import annotations

import re

from revet.iam.document import Statement
from revet.iam.symbol import is_exact, symbols
from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Resource

_SERVICE = ("Service", "cloudtrail.amazonaws.com")
_READS = re.compile(r"^s3:(get|list|describe|head)[a-z]*\*?$", re.IGNORECASE)
_PREFIX = re.compile(r"/AWSLogs/(\d{12})/")
_SYMBOL = r"\$\{[^{}]*\}"
_TRAIL_ARN = re.compile(
    rf"arn:(?:[a-z-]+|{_SYMBOL}):cloudtrail:([a-z0-9-]+|{_SYMBOL}):(\d{{12}}|{_SYMBOL}):trail/(.+)"
)
_EXACT = ("stringequals", "arnequals", "arnlike", "stringlike")


def reads_only(statement: Statement) -> bool:
    """Whether all that a statement names are reading actions."""
    return bool(statement.actions) and all(_READS.match(action) for action in statement.actions)


def writing_fault(statement: Statement, trail: Resource, inventory: Inventory) -> str:
    """Why a statement that allows writing is not CloudTrail's own; empty when it is.

    Args:
        statement: of the policy of the trail's bucket.
        trail: an `aws_cloudtrail`.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known which trail it names.
    """
    callers = {(principal.kind, principal.value) for principal in statement.principals}
    if callers != {_SERVICE}:
        others = ", ".join(sorted(f"`{value}`" for _, value in callers - {_SERVICE}))
        return f"lets {others or 'unnamed principals'} write"
    values = [
        value
        for condition in statement.conditions
        if condition.key.lower() == "aws:sourcearn" and condition.operator.lower() in _EXACT
        for value in condition.values
    ]
    if not values:
        return "has no `aws:SourceArn` condition"
    accounts = _accounts(statement, trail, inventory)
    for value in values:
        if not _names_trail(value, trail, inventory, accounts):
            return f"admits `{value}`, which is not this trail"
    return ""


def _accounts(statement: Statement, trail: Resource, inventory: Inventory) -> set[str]:
    """The account that the trail is in; or those under whose prefix the statement lets write."""
    account = inventory.account_of(trail)
    if account:
        return {account}
    return {found for text in statement.resources for found in _PREFIX.findall(text)}


def _names_trail(value: str, trail: Resource, inventory: Inventory, accounts: set[str]) -> bool:
    """The trail's own ARN, by reference or spelled out; no pattern."""
    if "*" in value or "?" in value:
        return False
    match = _TRAIL_ARN.fullmatch(value)
    if match is None:
        referred = inventory.symbol(value)
        if referred is None or referred.address != trail.address:
            return False
        if not (value.endswith(".arn}") and all(map(is_exact, symbols(value)))):
            raise UnknownValueError(
                value,
                why="the plan does not show what is written around the reference",
                resolve="spell the trail's ARN out: `arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME`",
            )
        return True
    arn = trail.get("arn")  # a state and an account say it
    return value == arn if isinstance(arn, str) else _spells(match, trail, inventory, accounts)


def _spells(
    match: re.Match[str], trail: Resource, inventory: Inventory, accounts: set[str]
) -> bool:
    """Whether an ARN that is spelled out will be the trail's."""
    region, account, name = match.groups()
    elsewhere = not region.startswith("$") and trail.provider_region not in ("", region)
    foreign = not account.startswith("$") and accounts and account not in accounts
    if elsewhere or foreign:
        return False
    named = inventory.symbol(name)
    if not (named.address == trail.address if named else trail.get("name") == name):
        return False
    if not (region.startswith("$") or trail.provider_region):
        raise UnknownValueError(
            trail.address,
            why=f"its region is not known here, and `{match[0]}` names one",
            resolve="set the provider's `region`, or refer to the trail's `arn`",
        )
    if not (account.startswith("$") or accounts):
        raise UnknownValueError(
            trail.address,
            why=f"its account is not known here, and `{match[0]}` names one",
            resolve="refer to the trail's `arn`, or look the account up in the configuration",
        )
    return True
