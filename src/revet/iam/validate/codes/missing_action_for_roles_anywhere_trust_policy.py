"""IAM Roles Anywhere needs three actions to assume a role."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import covers_action
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.service_sources import services_of
from revet.iam.validate.subject import PolicySubject

ROLES_ANYWHERE = "rolesanywhere.amazonaws.com"
NEEDED = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")


@check(
    Level.ERROR,
    subject=PolicySubject,
    types=frozenset({PolicyType.TRUST}),
    source="IAM User Guide, IAM policy validation check reference; IAM Roles Anywhere User Guide, "
    "Trust model in AWS Identity and Access Management Roles Anywhere",
)
def missing_action_for_roles_anywhere_trust_policy(policy: PolicySubject) -> Hits:
    """What all statements together that trust the service do not allow.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    trusting = {
        statement: service
        for statement in policy.statements
        if statement.allows
        for service in services_of(statement)
        if service.text == ROLES_ANYWHERE
    }
    missing = [
        action
        for action in NEEDED
        if not any(covers_action(statement, action) for statement in trusting)
    ]
    if trusting and missing:
        yield hit(
            f"IAM Roles Anywhere cannot assume the role without {' and '.join(missing)}. Allow "
            f"{ROLES_ANYWHERE} all of {', '.join(NEEDED)}.",
            *(service.place for service in trusting.values()),
        )
