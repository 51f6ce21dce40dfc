"""A boundary is demanded, and the policy that it is may be rewritten.

Whoever can make a new version of the boundary's policy decides what the boundary holds.
"""

from __future__ import annotations

from revet.iam.globs import Glob
from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import covers_action, with_key
from revet.iam.validate.policy_type import GRANTING, PolicyType
from revet.iam.validate.subject import PolicySubject, StatementSubject

_KEY = "iam:permissionsboundary"
_REWRITES = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")


@check(
    Level.SECURITY_WARNING,
    subject=PolicySubject,
    types=GRANTING | {PolicyType.BOUNDARY},
    source="IAM User Guide, Permissions boundaries for IAM entities: Delegating responsibility to "
    "others using permissions boundaries",
    needs=_KEY,
)
def boundary_can_be_rewritten(policy: PolicySubject) -> Hits:
    """The policy that `iam:PermissionsBoundary` names may get another version."""
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


def _covers(statement: StatementSubject, action: str, arn: str) -> bool:
    if not covers_action(statement, action):
        return False
    texts = [item for item in statement.resources if not has_symbol(item.text)]
    found = any(Glob.parse(item.text, variables=False).matches(arn) for item in texts)
    negated = any(item.negated for item in statement.resources)
    return found is not negated
