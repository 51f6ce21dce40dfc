"""Permissions boundaries that are demanded, and how they are got rid of."""

from __future__ import annotations

from revet.iam.globs import Glob
from revet.iam.policy_type import GRANTING, PolicyType
from revet.iam.symbol import has_symbol
from revet.iam.validate.finding import Hits, Level, check, hit
from revet.iam.validate.guards import covers_action, has_key, with_key
from revet.iam.validate.written import WrittenPolicy, WrittenStatement

_KEY = "iam:permissionsboundary"
_SOURCE = (
    "IAM User Guide, Permissions boundaries for IAM entities: Delegating responsibility to others "
    "using permissions boundaries"
)
_REMOVALS = ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary")


@check(Level.SECURITY_WARNING, types=GRANTING | {PolicyType.BOUNDARY}, source=_SOURCE, needs=_KEY)
def revet_boundary_can_be_removed(policy: WrittenPolicy) -> Hits:
    """A boundary is demanded, and may be taken away again.

    A policy that lets principals be made only under a permissions boundary must also deny to remove
    the boundary; else the first step makes the role and the second frees it.

    `iam:PermissionsBoundary` is a condition, and removing one is allowed and not denied.
    """
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


def _allows(statement: WrittenStatement, action: str) -> bool:
    return (
        statement.allows
        and covers_action(statement, action)
        and not any(True for _ in statement.conditions)
    )


def _denies(statement: WrittenStatement, action: str) -> bool:
    """Denied for every target, or for whatever does not have the boundary."""
    if not statement.denies or not covers_action(statement, action):
        return False
    return not statement.conditions or has_key(statement, _KEY)


_REWRITES = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")


@check(Level.SECURITY_WARNING, types=GRANTING | {PolicyType.BOUNDARY}, source=_SOURCE, needs=_KEY)
def revet_boundary_can_be_rewritten(policy: WrittenPolicy) -> Hits:
    """A boundary is demanded, and the policy that it is may be rewritten.

    Whoever can make a new version of the boundary's policy decides what the boundary holds.

    The policy that `iam:PermissionsBoundary` names may get another version.
    """
    for condition in (c for s in policy.statements for c in with_key(s, _KEY)):
        for value in condition.values:
            arn = value.text
            if has_symbol(arn) or "*" in arn or "?" in arn:
                continue
            for action in _REWRITES:
                allowing = [s for s in policy.statements if s.allows and _covers(s, action, arn)]
                denied = any(s.denies and _covers(s, action, arn) for s in policy.statements)
                if allowing and not denied:
                    yield hit(
                        f"The policy demands the boundary and allows {action} on it, which "
                        "changes what it holds. Deny that.",
                        allowing[0].place,
                        value.place,
                    )
                    return


def _covers(statement: WrittenStatement, action: str, arn: str) -> bool:
    if not covers_action(statement, action):
        return False
    texts = [item.text for item in statement.resources if not has_symbol(item.text)]
    globs = [Glob.parse(text, variables=False) for text in texts]
    found = any(glob.matches(arn) for glob in globs if not glob.is_open)
    negated = any(item.negated for item in statement.resources)
    return found is not negated
