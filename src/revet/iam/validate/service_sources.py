"""On whose behalf a service acts: the conditions that say so.

A service that is allowed something uses it for whoever asks the service, unless a condition names
the source. Sources: IAM User Guide, "The confused deputy problem", "AWS global condition context
keys" (aws:SourceArn, aws:SourceAccount, aws:SourceOrgID, aws:SourceOrgPaths); CloudWatch Logs User
Guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service" (the encryption
context names the log group, and no other key stands in AWS's key policy).
"""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.operators import Kind, Qualifier
from revet.iam.validate.guards import FALSE, values_of, with_key
from revet.iam.validate.presence import presence
from revet.iam.validate.subject import ConditionSubject, PrincipalSubject, StatementSubject

SOURCE_KEYS = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
STAND_INS = ("aws:referer",)
"""Keys that services have been restricted with before AWS had `SOURCE_KEYS` for them.

Amazon SES used to write the account into aws:Referer.
"""
_CONTEXT = "kms:encryptioncontext:"


def services_of(statement: StatementSubject) -> tuple[PrincipalSubject, ...]:
    """The service principals that a statement is about."""
    return tuple(
        item for item in statement.principals if item.kind == "Service" and not item.negated
    )


def names_source(statement: StatementSubject) -> bool:
    """Whether a statement holds only for requests on behalf of certain sources."""
    return any(
        _restricts(condition)
        for condition in statement.conditions
        if condition.lower in SOURCE_KEYS or condition.lower.startswith(_CONTEXT)
    )


def stand_ins(statement: StatementSubject) -> Iterator[ConditionSubject]:
    """The conditions that restrict a service by a key that is not made for it."""
    return (condition for condition in with_key(statement, *STAND_INS) if _restricts(condition))


def _restricts(condition: ConditionSubject) -> bool:
    used = condition.operator
    if used is None or used.operator.negated or used.operator.kind is Kind.NULL:
        return False
    if not condition.values or presence(condition) is not None:
        return False
    if not used.if_exists and used.qualifier is not Qualifier.FOR_ALL_VALUES:
        return True
    return any(
        other.operator is not None
        and other.operator.operator.kind is Kind.NULL
        and values_of(other) == FALSE
        for other in with_key(condition.statement, condition.lower)
    )
