"""What keeps a resource control policy from hitting whom it does not mean.

Such a policy governs IAM principals and AWS's services alike. Sources: IAM User Guide, "IAM policy
validation check reference" and "AWS global condition context keys" (properties of the principal);
AWS Organizations User Guide, "Resource control policy examples" (which write `Bool` where the check
reference writes `BoolIfExists`; both are taken).
"""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.policy_type import PolicyType
from revet.iam.validate.condition_keys import SOURCE_KEYS
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.guards import FALSE, TRUE, is_kind, values_of, with_key
from revet.iam.validate.written import WrittenCondition, WrittenStatement

_RCP = frozenset({PolicyType.RCP})
_SOURCE = "AWS Organizations User Guide, Resource control policy examples"
_IS_SERVICE = "aws:principalisawsservice"
_OF_SERVICES = frozenset({"aws:principalservicename", "aws:principalservicenameslist"})


def _judges_principal(condition: WrittenCondition) -> bool:
    """Whether a condition compares a property of the principal that services do not have."""
    if condition.lower == _IS_SERVICE or condition.lower in _OF_SERVICES:
        return False
    known = condition.global_key
    return known is not None and known.about == "principal"


def _judges_source(condition: WrittenCondition) -> bool:
    """Whether a condition compares the source that a service acts for."""
    return condition.lower in SOURCE_KEYS and not is_kind(condition, Kind.NULL)


def _judges_service(condition: WrittenCondition) -> bool:
    """Whether a condition compares what only requests of services carry."""
    of_services = condition.lower in _OF_SERVICES and not is_kind(condition, Kind.NULL)
    return of_services or _judges_source(condition)


def _is_about_services(statement: WrittenStatement, answer: frozenset[str]) -> bool:
    """Whether a statement holds only for AWS's services (`TRUE`), or only for others (`FALSE`)."""
    return any(
        is_kind(condition, Kind.BOOL) and values_of(condition) == answer
        for condition in with_key(statement, _IS_SERVICE)
    )


def _demands_source(statement: WrittenStatement) -> bool:
    """Whether a statement holds only for requests that name the source."""
    return any(
        is_kind(condition, Kind.NULL) and values_of(condition) == FALSE
        for condition in with_key(statement, "aws:sourceaccount", "aws:sourcearn")
    )


@check(Level.WARNING, types=_RCP, source=_SOURCE)
def rcp_missing_related_principal_condition_key(condition: WrittenCondition) -> Hits:
    """Services have no properties of IAM principals, and must not be hit by a check of them.

    A key of the principal, and no exception for services.
    """
    statement = condition.statement
    if (
        statement.denies
        and _judges_principal(condition)
        and not _is_about_services(statement, FALSE)
    ):
        yield hit(
            f"{quoted(condition.key)} is a property of IAM principals, but services are denied "
            'too. Add "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}.',
            condition.key_place,
        )


@check(Level.WARNING, types=_RCP, source=_SOURCE)
def rcp_missing_related_service_principal_condition_key(condition: WrittenCondition) -> Hits:
    """IAM principals act for no source, and must not be hit by a check of it.

    A key that only requests of services carry, and no exception for everyone else.
    """
    statement = condition.statement
    if statement.denies and _judges_service(condition) and not _is_about_services(statement, TRUE):
        yield hit(
            f"Only requests of AWS's services carry {condition.key}, but IAM principals are "
            'denied too. Add "BoolIfExists": {"aws:PrincipalIsAWSService": "true"}.',
            condition.key_place,
        )


@check(Level.WARNING, types=_RCP, source=_SOURCE)
def rcp_missing_service_condition_key_null_check(condition: WrittenCondition) -> Hits:
    """Some services name no source, and must not be hit by a check of it.

    A key of the source, and no exception for requests without one.
    """
    statement = condition.statement
    if statement.denies and _judges_source(condition) and not _demands_source(statement):
        yield hit(
            f"Some integrations of services do not send {condition.key}, and they are denied "
            'too. Add "Null": {"aws:SourceAccount": "false"} or "Null": {"aws:SourceArn": '
            '"false"}.',
            condition.key_place,
        )
