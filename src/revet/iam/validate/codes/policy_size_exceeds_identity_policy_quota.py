"""An identity policy fits into what IAM takes."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_size import characters_without_whitespace
from revet.iam.validate.policy_type import OF_IDENTITIES
from revet.iam.validate.subject import PolicySubject

QUOTA = 10_240
"""Characters without white space that a role's inline policies can have together.

A managed policy holds 6,144 and a user's inline policies 2,048 (IAM User Guide, "IAM and AWS STS
quotas"), but AWS's findings on its own managed policies begin above this one: 12 of 695 policies,
from 10,409 characters on, while none from 6,331 to 10,155 is found.
"""


@check(Level.WARNING, subject=PolicySubject, types=OF_IDENTITIES)
def policy_size_exceeds_identity_policy_quota(policy: PolicySubject) -> Hits:
    """More than `QUOTA` characters that are no white space."""
    size = characters_without_whitespace(policy, QUOTA)
    if size > QUOTA:
        yield hit(
            f"The policy has {size} characters without white space; IAM takes at most {QUOTA}. "
            "Split it into several policies.",
            policy.place,
        )
