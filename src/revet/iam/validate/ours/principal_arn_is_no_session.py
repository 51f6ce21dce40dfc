"""A condition that compares `aws:PrincipalArn` with a session's ARN, which it never holds.

For a role session the key holds the ARN of the role.
"""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.subject import ConditionSubject


@check(
    Level.WARNING,
    subject=ConditionSubject,
    source="IAM User Guide, AWS global condition context keys: aws:PrincipalArn",
    needs="assumed-role",
)
def principal_arn_is_no_session(condition: ConditionSubject) -> Hits:
    """A value of `aws:PrincipalArn` is an `assumed-role` ARN."""
    if condition.lower != "aws:principalarn":
        return
    for value in condition.values:
        if ":sts::" in value.text and ":assumed-role/" in value.text:
            yield hit(
                "aws:PrincipalArn of a role session is the ARN of the role, "
                "arn:aws:iam::ACCOUNT:role/NAME, so that this value never matches. Write that.",
                value.place,
            )
