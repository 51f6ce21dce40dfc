"""A key policy under which nobody can change the key policy.

The key can then be neither repaired nor deleted without AWS's support.
"""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import covers_action
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import PolicySubject, StatementSubject

_KEY = "AWS::KMS::Key"
_ACTION = "kms:PutKeyPolicy"


@check(
    Level.SECURITY_WARNING,
    subject=PolicySubject,
    types=frozenset({PolicyType.RESOURCE}),
    source="AWS KMS Developer Guide, Default key policy: Reduces the risk of the KMS key becoming "
    "unmanageable",
)
def key_policy_locks_out(policy: PolicySubject) -> Hits:
    """No `Allow` of `kms:PutKeyPolicy` without a condition for an account, user or role."""
    if policy.resource_type != _KEY or not policy.statements:
        return
    if not any(_manages(statement) for statement in policy.statements):
        yield hit(
            f"No statement lets the account manage the key: without {_ACTION} nobody can repair "
            "this policy. Allow kms:* to the account's root principal.",
            policy.place,
        )


def _manages(statement: StatementSubject) -> bool:
    return (
        statement.allows
        and not statement.conditions
        and any(item.kind in ("AWS", "") and not item.negated for item in statement.principals)
        and covers_action(statement, _ACTION)
    )
