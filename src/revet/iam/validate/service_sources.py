"""On whose behalf a service acts: the conditions that say so.

A service that is allowed something uses it for whoever asks the service, unless a condition names
the source. Sources: IAM User Guide, "The confused deputy problem", "AWS global condition context
keys" (aws:SourceArn, aws:SourceAccount, aws:SourceOrgID, aws:SourceOrgPaths); CloudWatch Logs User
Guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service" (the encryption
context names the log group, and no other key stands in AWS's key policy); Alexa Skills Kit
documentation, "Host a Custom Skill as an AWS Lambda Function" (the token names the skill).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from revet.iam.operators import Kind, Qualifier
from revet.iam.validate.guards import FALSE, values_of
from revet.iam.validate.presence import presence
from revet.iam.validate.subject import ConditionSubject, PrincipalSubject, StatementSubject

SOURCE_KEYS = frozenset(
    {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}
)
STAND_INS = frozenset({"aws:referer"})
"""Keys that services have been restricted with before AWS had `SOURCE_KEYS` for them.

Amazon SES used to write the account into aws:Referer.
"""
_CONTEXT = "kms:encryptioncontext:"
_SKILL = "lambda:eventsourcetoken"


def services_of(statement: StatementSubject) -> tuple[PrincipalSubject, ...]:
    """The service principals that a statement is about."""
    return tuple(
        item for item in statement.principals if item.kind == "Service" and not item.negated
    )


def names_source(statement: StatementSubject) -> bool:
    """Whether a statement holds only for requests on behalf of certain sources."""
    return any(_restricting(statement, _is_source))


def stand_ins(statement: StatementSubject) -> Iterator[ConditionSubject]:
    """The conditions that restrict a service by a key that is not made for it."""
    return _restricting(statement, STAND_INS.__contains__)


def _is_source(key: str) -> bool:
    return key in SOURCE_KEYS or key == _SKILL or key.startswith(_CONTEXT)


def _restricting(
    statement: StatementSubject, wanted: Callable[[str], bool]
) -> Iterator[ConditionSubject]:
    found = [condition for condition in statement.conditions if wanted(condition.lower)]
    demanded = {condition.lower for condition in found if _demands(condition)}
    for condition in found:
        used = condition.operator
        if used is None or used.operator.negated or used.operator.kind is Kind.NULL:
            continue
        optional = used.if_exists or used.qualifier is Qualifier.FOR_ALL_VALUES
        if optional and condition.lower not in demanded:
            continue
        if condition.values and presence(condition) is None:
            yield condition


def _demands(condition: ConditionSubject) -> bool:
    used = condition.operator
    return used is not None and used.operator.kind is Kind.NULL and values_of(condition) == FALSE
