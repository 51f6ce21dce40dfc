"""What keeps a resource control policy from hitting whom it does not mean.

Such a policy governs IAM principals and AWS's services alike. Sources: IAM User Guide, "IAM policy
validation check reference" and "AWS global condition context keys" (properties of the principal);
AWS Organizations User Guide, "Resource control policy examples" (which write `Bool` where the check
reference writes `BoolIfExists`; both are taken).
"""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.guards import FALSE, is_kind, values_of, with_key
from revet.iam.validate.subject import ConditionSubject, StatementSubject

_IS_SERVICE = "aws:principalisawsservice"
_OF_SERVICES = frozenset({"aws:principalservicename", "aws:principalservicenameslist"})
_SOURCES = frozenset(
    {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"}
)


def judges_principal(condition: ConditionSubject) -> bool:
    """Whether a condition compares a property of the principal that services do not have."""
    if condition.lower == _IS_SERVICE or condition.lower in _OF_SERVICES:
        return False
    known = condition.global_key
    return known is not None and known.about == "principal"


def judges_source(condition: ConditionSubject) -> bool:
    """Whether a condition compares the source that a service acts for."""
    return condition.lower in _SOURCES and not is_kind(condition, Kind.NULL)


def judges_service(condition: ConditionSubject) -> bool:
    """Whether a condition compares what only requests of services carry."""
    of_services = condition.lower in _OF_SERVICES and not is_kind(condition, Kind.NULL)
    return of_services or judges_source(condition)


def is_about_services(statement: StatementSubject, answer: frozenset[str]) -> bool:
    """Whether a statement holds only for AWS's services, or only for others.

    Args:
        statement: the statement.
        answer: `TRUE` for services, `FALSE` for others.
    """
    return any(
        is_kind(condition, Kind.BOOL) and values_of(condition) == answer
        for condition in with_key(statement, _IS_SERVICE)
    )


def demands_source(statement: StatementSubject) -> bool:
    """Whether a statement holds only for requests that name the source."""
    return any(
        is_kind(condition, Kind.NULL) and values_of(condition) == FALSE
        for condition in with_key(statement, "aws:sourceaccount", "aws:sourcearn")
    )
