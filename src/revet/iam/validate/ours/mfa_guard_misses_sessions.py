"""A denial without MFA that does not reach sessions signed in without MFA.

For temporary credentials that were got without MFA, `aws:MultiFactorAuthPresent` is there and
`false`; a denial for requests that lack the key lets them through.
"""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import is_absent, with_key
from revet.iam.validate.policy_type import WITHOUT_PRINCIPAL
from revet.iam.validate.subject import StatementSubject


@check(
    Level.SECURITY_WARNING,
    subject=StatementSubject,
    types=WITHOUT_PRINCIPAL,
    source="IAM User Guide, AWS global condition context keys: aws:MultiFactorAuthPresent",
    needs="multifactorauthpresent",
)
def mfa_guard_misses_sessions(statement: StatementSubject) -> Hits:
    """`Deny` under `Null` `aws:MultiFactorAuthPresent` `true`."""
    if not statement.denies:
        return
    for condition in with_key(statement, "aws:multifactorauthpresent"):
        if is_absent(condition):
            yield hit(
                "A session that was begun without MFA carries aws:MultiFactorAuthPresent with "
                "false, so that Null does not deny it. Use BoolIfExists with false.",
                condition.operator_place,
            )
