"""A condition on MFA that a service or an identity provider's users can never meet.

Requests of AWS services and of `AssumeRoleWithSAML` and `AssumeRoleWithWebIdentity` do not carry
`aws:MultiFactorAuthPresent`: MFA at the identity provider is not visible to AWS.
"""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import FALSE, TRUE, is_kind, values_of, with_key
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import ConditionSubject, StatementSubject

_KINDS = ("Service", "Federated")


@check(
    Level.WARNING,
    subject=StatementSubject,
    types=frozenset({PolicyType.TRUST}),
    source="IAM User Guide, AWS global condition context keys: aws:MultiFactorAuthPresent",
    needs="multifactorauthpresent",
)
def mfa_condition_never_holds(statement: StatementSubject) -> Hits:
    """MFA is demanded of a service or federated principal."""
    named = [item for item in statement.principals if item.kind in _KINDS and not item.negated]
    if not named:
        return
    for condition in with_key(statement, "aws:multifactorauthpresent"):
        if _demands(condition, allows=statement.allows, denies=statement.denies):
            yield hit(
                "Requests of services and of federated users never carry "
                "aws:MultiFactorAuthPresent, so that nobody can assume the role. Demand MFA where "
                "the users sign in.",
                condition.key_place,
                named[0].place,
            )


def _demands(condition: ConditionSubject, *, allows: bool, denies: bool) -> bool:
    used = condition.operator
    if used is None or not is_kind(condition, Kind.BOOL):
        return False
    if allows:
        return not used.if_exists and values_of(condition) == TRUE
    return denies and used.if_exists and values_of(condition) == FALSE
