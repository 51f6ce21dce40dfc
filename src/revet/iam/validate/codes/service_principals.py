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
from revet.iam.policy_type import WITH_PRINCIPAL, PolicyType
from revet.iam.validate.condition_keys import SOURCE_KEYS
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.guards import FALSE, covers_action, values_of
from revet.iam.validate.presence import presence
from revet.iam.validate.written import (
    WrittenCondition,
    WrittenPolicy,
    WrittenPrincipal,
    WrittenStatement,
)

_STAND_INS = frozenset({"aws:referer"})
"""Keys that services have been restricted with before AWS had `SOURCE_KEYS` for them.

Amazon SES used to write the account into aws:Referer.
"""
_ROLES_ANYWHERE = "rolesanywhere.amazonaws.com"
_CONTEXT = "kms:encryptioncontext:"
_SKILL = "lambda:eventsourcetoken"


def _services_of(statement: WrittenStatement) -> tuple[WrittenPrincipal, ...]:
    return tuple(
        item for item in statement.principals if item.kind == "Service" and not item.negated
    )


def _names_source(statement: WrittenStatement) -> bool:
    """Whether a statement holds only for requests on behalf of certain sources."""
    return any(_restricting(statement, _is_source))


def _stand_ins(statement: WrittenStatement) -> Iterator[WrittenCondition]:
    """The conditions that restrict a service by a key that is not made for it."""
    return _restricting(statement, _STAND_INS.__contains__)


def _is_source(key: str) -> bool:
    return key in SOURCE_KEYS or key == _SKILL or key.startswith(_CONTEXT)


def _restricting(
    statement: WrittenStatement, wanted: Callable[[str], bool]
) -> Iterator[WrittenCondition]:
    found = [condition for condition in statement.conditions if wanted(condition.lower)]
    demanded = {condition.lower for condition in found if _demands(condition)}
    for condition in found:
        used = condition.operator
        if used is None or used.negated or used.kind is Kind.NULL:
            continue
        optional = used.if_exists or used.qualifier is Qualifier.FOR_ALL_VALUES
        if optional and condition.lower not in demanded:
            continue
        if condition.values and presence(condition) is None:
            yield condition


def _demands(condition: WrittenCondition) -> bool:
    used = condition.operator
    return used is not None and used.kind is Kind.NULL and values_of(condition) == FALSE


@check(Level.SECURITY_WARNING, types={PolicyType.RESOURCE}, source="The confused deputy problem")
def restrict_access_to_service_principal(statement: WrittenStatement) -> Hits:
    """A service that acts for others is told for whom.

    A service is allowed something whoever asks it.

    Not in trust policies: a role is passed to a service within its account only, the trust policies
    that AWS's consoles write for Lambda or EC2 name no source, and AWS's validation is silent about
    them. What names a stand-in for the source is `RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL`.
    """
    if not statement.allows:
        return
    services = _services_of(statement)
    if services and not _names_source(statement) and not any(_stand_ins(statement)):
        for service in services:
            yield hit(
                f"{quoted(service.text)} may do this for anyone who asks it. Add a condition on "
                "aws:SourceArn, aws:SourceAccount, aws:SourceOrgID or aws:SourceOrgPaths.",
                service.place,
            )


_MOST = 5
"""Keys and services that a message names."""


@check(Level.SUGGESTION, types={PolicyType.RESOURCE}, source="The confused deputy problem")
def recommended_condition_key_for_service_principal(statement: WrittenStatement) -> Hits:
    """The source of a service's request has keys of its own.

    A service is restricted by `aws:Referer`.
    """
    if not statement.allows:
        return
    services = _services_of(statement)
    if not services or _names_source(statement):
        return
    for condition in _stand_ins(statement):
        names = ", ".join(quoted(service.text) for service in services[:_MOST])
        yield hit(
            f"{quoted(condition.key)} is not made to say for whom {names} acts. Use aws:SourceArn, "
            "aws:SourceAccount, aws:SourceOrgID or aws:SourceOrgPaths instead.",
            condition.key_place,
        )


_SENDING_TAGS = frozenset({_ROLES_ANYWHERE})
"""Services whose requests carry `aws:PrincipalTag`: the certificate's attributes.

Source: IAM Roles Anywhere User Guide, "Trust model in AWS Identity and Access Management Roles
Anywhere".
"""
_TAG_KEYS = "aws:principaltag/"


@check(Level.ERROR, types=WITH_PRINCIPAL, source="AWS global condition context keys (availability)")
def unsupported_condition_key_for_service_principal(statement: WrittenStatement) -> Hits:
    """Requests of services do not carry what only a user or a role has.

    A service principal with keys that its requests never carry, such as `aws:PrincipalOrgID`.

    What only compares the key when it is there, `IfExists` or `Null`, is right.
    """
    services = _services_of(statement)
    if not services:
        return
    found = [
        condition for condition in statement.conditions if _is_never_there(condition, services)
    ]
    if found:
        keys = ", ".join(quoted(condition.key) for condition in found[:_MOST])
        names = ", ".join(quoted(service.text) for service in services[:_MOST])
        yield hit(
            f"Requests of {names} never carry {keys}. Remove the condition, or give other "
            "principals a statement of their own.",
            *(condition.key_place for condition in found),
            *(service.place for service in services),
        )


def _is_never_there(condition: WrittenCondition, services: tuple[WrittenPrincipal, ...]) -> bool:
    known, used = condition.global_key, condition.operator
    if known is None or not known.not_from_services:
        return False
    if used is None or used.if_exists or used.kind is Kind.NULL:
        return False
    return not (
        condition.lower.startswith(_TAG_KEYS)
        and all(item.text in _SENDING_TAGS for item in services)
    )


_NEEDED = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")


@check(
    Level.ERROR,
    types={PolicyType.TRUST},
    source="IAM Roles Anywhere User Guide, Trust model in AWS Identity and Access Management "
    "Roles Anywhere",
)
def missing_action_for_roles_anywhere_trust_policy(policy: WrittenPolicy) -> Hits:
    """IAM Roles Anywhere needs three actions to assume a role.

    What all statements together that trust the service do not allow.
    """
    trusting = {
        statement: service
        for statement in policy.statements
        if statement.allows
        for service in _services_of(statement)
        if service.text == _ROLES_ANYWHERE
    }
    missing = [
        action
        for action in _NEEDED
        if not any(covers_action(statement, action) for statement in trusting)
    ]
    if trusting and missing:
        yield hit(
            f"IAM Roles Anywhere cannot assume the role without {' and '.join(missing)}. Allow "
            f"{_ROLES_ANYWHERE} all of {', '.join(_NEEDED)}.",
            *(service.place for service in trusting.values()),
        )
