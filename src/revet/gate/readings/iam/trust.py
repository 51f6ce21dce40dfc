"""Who may assume a role."""

from __future__ import annotations

from revet.iam.document import Principal
from revet.plan import Resource


def trusted_principals(role: Resource) -> tuple[Principal, ...] | None:
    """The principals that the trust policy of an `aws_iam_role` lets assume it.

    Returns:
        `None` where a statement admits all but those that it names.

    Raises:
        UnknownValueError: the policy is not known.
        InputError: it is not a policy.
    """
    trust = role.policy("assume_role_policy")
    allows = [s for s in trust.statements if s.effect != "Deny"] if trust else []
    if any(not statement.principals for statement in allows):
        return None
    return tuple(principal for statement in allows for principal in statement.principals)
