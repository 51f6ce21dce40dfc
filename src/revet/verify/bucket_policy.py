"""What a deployed resource policy admits, as far as single statements can tell.

These answer narrow questions about one statement at a time. What a set of policies admits for all
requests is the prover's question.
"""

from __future__ import annotations

import re
from functools import lru_cache

from revet.iam.document import Condition, PolicyDocument, Principal, Statement

_READS = re.compile(r"^s3:(Get|List|Head|Describe)", re.IGNORECASE)
_EVERYBODY = frozenset({Principal("*", "*"), Principal("AWS", "*")})
_TRAIL_SERVICE = Principal("Service", "cloudtrail.amazonaws.com")
_CONFUSED_DEPUTY = frozenset({"stringequals", "arnequals", "arnlike", "stringlike"})


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern with `*` and `?` matches a whole text, without regard to case.

    Args:
        pattern: from a policy's action or resource.
        text: an action or an ARN; its own wildcards count as letters.
    """
    return _compiled(pattern).fullmatch(text) is not None


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(matches(pattern, text) for pattern in patterns)


def denies_plain_http(policy: PolicyDocument, bucket: str) -> bool:
    """Whether every S3 request that does not come over TLS is denied, on bucket and objects.

    One statement or several may cover the two; nothing may narrow a statement.

    Args:
        policy: the bucket policy.
        bucket: ARN of the bucket.
    """
    resources = tuple(
        resource
        for statement in policy.statements
        if _denies_plain_http(statement)
        for resource in statement.resources
    )
    return _any(resources, bucket) and _any(resources, f"{bucket}/*")


def _denies_plain_http(statement: Statement) -> bool:
    return (
        statement.effect == "Deny"
        and not _EVERYBODY.isdisjoint(statement.principals)
        and _any(statement.actions, "s3:*")
        and len(statement.conditions) == 1
        and _is_plain_http(statement.conditions[0])
    )


def _is_plain_http(condition: Condition) -> bool:
    return (
        condition.operator.lower() in ("bool", "boolifexists")
        and condition.key.lower() == "aws:securetransport"
        and [value.lower() for value in condition.values] == ["false"]
    )


def foreign_writers(policy: PolicyDocument, trail: str) -> list[str]:
    """Statements that let anyone but one trail write into the bucket, or change it.

    Args:
        policy: the bucket policy.
        trail: ARN of the trail; CloudTrail may write only on its behalf.

    Returns:
        One line for each statement that admits more: its Sid or number, and why.
    """
    found: list[str] = []
    for number, statement in enumerate(policy.statements, start=1):
        if statement.effect == "Deny" or not _writes(statement):
            continue
        name = f"`{statement.sid}`" if statement.sid else f"statement {number}"
        if statement.principals != (_TRAIL_SERVICE,):
            found.append(f"{name} lets others than CloudTrail write")
        elif not _bound_to(statement, trail):
            found.append(f"{name} does not bind CloudTrail to this trail with `aws:SourceArn`")
    return found


def trail_may_write(policy: PolicyDocument, *, bucket: str, account: str, trail: str) -> bool:
    """Whether a statement lets one trail deliver its files.

    Source: CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail".

    Args:
        policy: the bucket policy.
        bucket: ARN of the bucket.
        account: id of the account whose events are delivered.
        trail: ARN of the trail.
    """
    delivered = re.compile(rf"{re.escape(bucket)}/(.+/)?AWSLogs/({account}/)?\*")
    return any(
        statement.effect == "Allow"
        and _TRAIL_SERVICE in statement.principals
        and _any(statement.actions, "s3:PutObject")
        and any(
            delivered.fullmatch(resource) or resource == f"{bucket}/*"
            for resource in statement.resources
        )
        and _bound_to(statement, trail)
        for statement in policy.statements
    )


def _writes(statement: Statement) -> bool:
    return bool(statement.not_actions) or not all(
        _READS.match(action) for action in statement.actions
    )


def _bound_to(statement: Statement, trail: str) -> bool:
    return any(
        condition.operator.lower() in _CONFUSED_DEPUTY
        and condition.key.lower() == "aws:sourcearn"
        and tuple(condition.values) == (trail,)
        for condition in statement.conditions
    )
