"""A trust policy names whom it trusts."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject, types=frozenset({PolicyType.TRUST}))
def role_trust_policy_syntax_error_notprincipal(statement: StatementSubject) -> Hits:
    """`NotPrincipal`, whatever the effect.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if "NotPrincipal" in statement.members:
        yield hit(
            "IAM takes no NotPrincipal in a role's trust policy. Name with Principal who is "
            "trusted; to except someone, use a condition such as aws:PrincipalArn.",
            statement.element_place("NotPrincipal"),
        )
