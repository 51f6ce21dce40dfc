"""A service control policy names no principals."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.principal_elements import principal_places
from revet.iam.validate.subject import StatementSubject


@check(
    Level.ERROR,
    subject=StatementSubject,
    types=frozenset({PolicyType.SCP}),
    source="IAM User Guide, IAM policy validation check reference; AWS Organizations User Guide, "
    "SCP syntax",
)
def scp_syntax_error_principal(statement: StatementSubject) -> Hits:
    """`Principal` or `NotPrincipal`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for name, place in principal_places(statement):
        yield hit(
            f"A service control policy holds for all principals of its accounts. Remove {name}; to "
            "tell principals apart, use the condition key aws:PrincipalArn.",
            place,
        )
