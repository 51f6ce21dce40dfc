"""Requests of services do not carry what only a user or a role has."""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_PRINCIPAL
from revet.iam.validate.quoted import quoted
from revet.iam.validate.service_sources import services_of
from revet.iam.validate.subject import ConditionSubject, PrincipalSubject, StatementSubject

_TAGGING = frozenset({"rolesanywhere.amazonaws.com"})
"""Services whose requests carry `aws:PrincipalTag`: the certificate's attributes.

Source: IAM Roles Anywhere User Guide, "Trust model in AWS Identity and Access Management Roles
Anywhere".
"""
_TAGS = "aws:principaltag/"
_MOST = 5
"""Keys and services that a message names."""


@check(
    Level.ERROR,
    subject=StatementSubject,
    types=WITH_PRINCIPAL,
    source="IAM User Guide, IAM policy validation check reference; AWS global condition context "
    "keys (availability)",
)
def unsupported_condition_key_for_service_principal(statement: StatementSubject) -> Hits:
    """A service principal with keys that its requests never carry, such as `aws:PrincipalOrgID`.

    What only compares the key when it is there, `IfExists` or `Null`, is right.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    services = services_of(statement)
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


def _is_never_there(condition: ConditionSubject, services: tuple[PrincipalSubject, ...]) -> bool:
    known, used = condition.global_key, condition.operator
    if known is None or not known.not_from_services:
        return False
    if used is None or used.if_exists or used.operator.kind is Kind.NULL:
        return False
    return not (
        condition.lower.startswith(_TAGS) and all(item.text in _TAGGING for item in services)
    )
