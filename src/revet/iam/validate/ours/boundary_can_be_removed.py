"""A boundary is demanded, and may be taken away again.

A policy that lets principals be made only under a permissions boundary must also deny to remove
the boundary; else the first step makes the role and the second frees it.
"""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import covers_action, has_key, with_key
from revet.iam.validate.policy_type import GRANTING, PolicyType
from revet.iam.validate.subject import PolicySubject, StatementSubject

_KEY = "iam:permissionsboundary"
_REMOVALS = ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary")


@check(
    Level.SECURITY_WARNING,
    subject=PolicySubject,
    types=GRANTING | {PolicyType.BOUNDARY},
    source="IAM User Guide, Permissions boundaries for IAM entities: Delegating responsibility to "
    "others using permissions boundaries",
    needs="iam:permissionsboundary",
)
def boundary_can_be_removed(policy: PolicySubject) -> Hits:
    """`iam:PermissionsBoundary` is a condition, and removing one is allowed and not denied."""
    demands = [
        condition
        for statement in policy.statements
        for condition in with_key(statement, _KEY)
        if covers_action(statement, "iam:CreateRole") or covers_action(statement, "iam:CreateUser")
    ]
    if not demands:
        return
    for action in _REMOVALS:
        allowing = next((item for item in policy.statements if _allows(item, action)), None)
        if allowing is None or any(_denies(item, action) for item in policy.statements):
            continue
        yield hit(
            f"The policy demands a permissions boundary and allows {action}, which takes it away "
            "again. Deny it.",
            allowing.place,
            demands[0].key_place,
        )


def _allows(statement: StatementSubject, action: str) -> bool:
    return (
        statement.allows
        and covers_action(statement, action)
        and not any(True for _ in statement.conditions)
    )


def _denies(statement: StatementSubject, action: str) -> bool:
    """Denied for every target, or for whatever does not have the boundary."""
    if not statement.denies or not covers_action(statement, action):
        return False
    return not statement.conditions or has_key(statement, _KEY)
