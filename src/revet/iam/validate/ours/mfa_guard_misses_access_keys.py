"""A denial without MFA that does not reach long-term access keys.

Their requests do not carry `aws:MultiFactorAuthPresent` at all, so that `Bool` with `false` does
not hold for them, and the guard lets a stolen key through.
"""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import FALSE, is_kind, values_of, with_key
from revet.iam.validate.policy_type import WITHOUT_PRINCIPAL
from revet.iam.validate.subject import StatementSubject


@check(
    Level.SECURITY_WARNING,
    subject=StatementSubject,
    types=WITHOUT_PRINCIPAL,
    source="IAM User Guide, AWS global condition context keys: aws:MultiFactorAuthPresent",
    needs="multifactorauthpresent",
)
def mfa_guard_misses_access_keys(statement: StatementSubject) -> Hits:
    """`Deny` under `Bool` (without `IfExists`) `aws:MultiFactorAuthPresent` `false`."""
    if not statement.denies:
        return
    for condition in with_key(statement, "aws:multifactorauthpresent"):
        used = condition.operator
        if (
            used is not None
            and is_kind(condition, Kind.BOOL)
            and not used.if_exists
            and values_of(condition) == FALSE
        ):
            yield hit(
                "Requests with long-term access keys do not carry aws:MultiFactorAuthPresent, so "
                "that Bool does not deny them. Use BoolIfExists.",
                condition.operator_place,
            )
