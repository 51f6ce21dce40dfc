"""A denial without MFA that lets the caller take the MFA device away.

Whoever has only the password or a key could then deactivate the device and set up another.
"""

from __future__ import annotations

from revet.iam.globs import Glob
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import has_key
from revet.iam.validate.policy_type import WITHOUT_PRINCIPAL
from revet.iam.validate.subject import StatementSubject

_REMOVALS = ("iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice")


@check(
    Level.SECURITY_WARNING,
    subject=StatementSubject,
    types=WITHOUT_PRINCIPAL,
    source="IAM User Guide, AWS: Allows MFA-authenticated IAM users to manage their own "
    "credentials on the Security credentials page",
    needs="multifactorauthpresent",
)
def mfa_guard_lets_mfa_be_removed(statement: StatementSubject) -> Hits:
    """`NotAction` of an MFA denial covers the removal of MFA devices."""
    if not statement.denies or not has_key(statement, "aws:multifactorauthpresent"):
        return
    for action in statement.actions:
        if not action.negated or action.text == "*":
            continue
        glob = Glob.parse(action.text, ignore_case=True, variables=False)
        found = [name for name in _REMOVALS if glob.covers(Glob.literal(name))]
        if found:
            yield hit(
                f"Without MFA the caller may still use {' and '.join(found)}, and so replace the "
                "device that protects the user. Leave it out of NotAction.",
                action.place,
            )
