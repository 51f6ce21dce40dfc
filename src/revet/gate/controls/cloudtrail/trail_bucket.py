"""X-30: trail bucket open to more than the service."""

from __future__ import annotations

import re

from revet.gate.bucket_acls import writing_acl
from revet.gate.bucket_policies import bucket_policies
from revet.gate.catalog import control
from revet.gate.joins import every_attached, planned
from revet.iam.document import Statement
from revet.iam.symbol import is_exact, symbols
from revet.model.errors import UnknownValueError
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_SERVICE = ("Service", "cloudtrail.amazonaws.com")
_READS = re.compile(r"^s3:(get|list|describe|head)[a-z]*\*?$", re.IGNORECASE)
_PUTS = ("s3:putobject", "s3:putobject*", "s3:put*", "s3:*", "*")
_PREFIX = re.compile(r"/AWSLogs/(\d{12})/")
_SYMBOL = r"\$\{[^{}]*\}"
_TRAIL_ARN = re.compile(
    rf"arn:(?:[a-z-]+|{_SYMBOL}):cloudtrail:([a-z0-9-]+|{_SYMBOL}):(\d{{12}}|{_SYMBOL}):trail/(.+)"
)
_EXACT = ("stringequals", "arnequals", "arnlike", "stringlike")
_OTHER_USES = (
    ("aws_s3_bucket_logging", "target_bucket"),
    ("aws_flow_log", "log_destination"),
    ("aws_config_delivery_channel", "s3_bucket_name"),
    ("aws_s3_object", "bucket"),
    ("aws_cloudtrail", "s3_bucket_name"),
)


@control(
    title="trails deliver to a bucket that only CloudTrail may write to",
    severity=Severity.HIGH,
    resource="aws_cloudtrail",
    required=(
        "`s3_bucket_name` names a bucket of this plan that nothing else uses, and the only writes "
        "that its policy allows are those of `cloudtrail.amazonaws.com` for this very trail "
        "(`aws:SourceArn`); no ACL lets others write"
    ),
    impact="the record of who did what can be forged, or flooded from another account",
    fix="""statement {
  actions   = ["s3:PutObject"]
  resources = ["${aws_s3_bucket.trail.arn}/AWSLogs/${local.account}/*"]
  principals {
    type        = "Service"
    identifiers = ["cloudtrail.amazonaws.com"]
  }
  condition {
    test     = "StringEquals"
    variable = "aws:SourceArn"
    values   = [local.trail_arn]
  }
}""",
    construct='cloudtrail.Trail(scope, "audit", key=key)',
    deviations=("X-30",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Reads may be allowed to others; a bucket outside the plan cannot be judged."""
    bucket = planned(resource, "s3_bucket_name", inventory, "aws_s3_bucket")
    users = [
        user
        for kind, path in _OTHER_USES
        for user in every_attached(bucket, inventory, kind, via=path)
        if user.address != resource.address
    ]
    related = (bucket.address,)
    if users:
        return noncompliant(f"`{users[0].address}` uses the bucket too", related=related)
    acl = writing_acl(bucket, inventory)
    if acl:
        return noncompliant(f"{acl} lets others write", related=related)
    policies = bucket_policies(bucket, inventory)
    if not policies:
        return noncompliant("the bucket has no policy", related=related)
    writes = [
        statement
        for _, document in policies
        for statement in document.statements
        if statement.effect != "Deny" and not _reads_only(statement)
    ]
    for statement in writes:
        fault = _fault(statement, resource, inventory)
        if fault:
            name = f"statement `{statement.sid}`" if statement.sid else "a statement"
            return noncompliant(f"{name} {fault}", related=related)
    if not any(action.lower() in _PUTS for statement in writes for action in statement.actions):
        return noncompliant("no statement lets CloudTrail write", related=related)
    return compliant("only CloudTrail may write, for this trail", related=related)


def _reads_only(statement: Statement) -> bool:
    return bool(statement.actions) and all(_READS.match(action) for action in statement.actions)


def _fault(statement: Statement, trail: Resource, inventory: Inventory) -> str:
    """Why a statement that allows writing is not CloudTrail's own."""
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
    accounts = _accounts(statement, inventory)
    for value in values:
        if not _names_trail(value, trail, inventory, accounts):
            return f"admits `{value}`, which is not this trail"
    return ""


def _accounts(statement: Statement, inventory: Inventory) -> set[str]:
    """The account that the plan is for; or those under whose prefix the statement lets write."""
    if inventory.account:
        return {inventory.account}
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
    region, account, name = match.groups()
    if not region.startswith("$") and trail.provider_region not in ("", region):
        return False
    if not account.startswith("$") and accounts and account not in accounts:
        return False
    named = inventory.symbol(name)
    return named.address == trail.address if named else bool(trail.get("name") == name)
