"""Guards that demand MFA, and what they miss."""

from __future__ import annotations

from revet.iam.globs import Glob
from revet.iam.operators import Kind
from revet.iam.policy_type import WITHOUT_PRINCIPAL, PolicyType
from revet.iam.validate.finding import Hits, Level, check, hit
from revet.iam.validate.guards import FALSE, TRUE, has_key, is_absent, is_kind, values_of, with_key
from revet.iam.validate.written import WrittenCondition, WrittenStatement


@check(
    Level.SECURITY_WARNING,
    types=WITHOUT_PRINCIPAL,
    source="IAM User Guide, AWS global condition context keys: aws:MultiFactorAuthPresent",
    needs="multifactorauthpresent",
)
def revet_mfa_guard_misses_access_keys(statement: WrittenStatement) -> Hits:
    """A denial without MFA that does not reach long-term access keys.

    Their requests do not carry `aws:MultiFactorAuthPresent` at all, so that `Bool` with `false`
    does not hold for them, and the guard lets a stolen key through.

    `Deny` under `Bool` (without `IfExists`) `aws:MultiFactorAuthPresent` `false`.
    """
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


@check(
    Level.SECURITY_WARNING,
    types=WITHOUT_PRINCIPAL,
    source="IAM User Guide, AWS global condition context keys: aws:MultiFactorAuthPresent",
    needs="multifactorauthpresent",
)
def revet_mfa_guard_misses_sessions(statement: WrittenStatement) -> Hits:
    """A denial without MFA that does not reach sessions signed in without MFA.

    For temporary credentials that were got without MFA, `aws:MultiFactorAuthPresent` is there and
    `false`; a denial for requests that lack the key lets them through.

    `Deny` under `Null` `aws:MultiFactorAuthPresent` `true`.
    """
    if not statement.denies:
        return
    for condition in with_key(statement, "aws:multifactorauthpresent"):
        if is_absent(condition):
            yield hit(
                "A session that was begun without MFA carries aws:MultiFactorAuthPresent with "
                "false, so that Null does not deny it. Use BoolIfExists with false.",
                condition.operator_place,
            )


_REMOVALS = ("iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice")


@check(
    Level.SECURITY_WARNING,
    types=WITHOUT_PRINCIPAL,
    source="IAM User Guide, AWS: Allows MFA-authenticated IAM users to manage their own "
    "credentials on the Security credentials page",
    needs="multifactorauthpresent",
)
def revet_mfa_guard_lets_mfa_be_removed(statement: WrittenStatement) -> Hits:
    """A denial without MFA that lets the caller take the MFA device away.

    Whoever has only the password or a key could then deactivate the device and set up another.

    `NotAction` of an MFA denial covers the removal of MFA devices.
    """
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


_NEVER_WITH_MFA = ("Service", "Federated")


@check(
    Level.WARNING,
    types={PolicyType.TRUST},
    source="IAM User Guide, AWS global condition context keys: aws:MultiFactorAuthPresent",
    needs="multifactorauthpresent",
)
def revet_mfa_condition_never_holds(statement: WrittenStatement) -> Hits:
    """A condition on MFA that a service or an identity provider's users can never meet.

    Requests of AWS services and of `AssumeRoleWithSAML` and `AssumeRoleWithWebIdentity` do not
    carry `aws:MultiFactorAuthPresent`: MFA at the identity provider is not visible to AWS.

    MFA is demanded of a service or federated principal.
    """
    named = [
        item for item in statement.principals if item.kind in _NEVER_WITH_MFA and not item.negated
    ]
    if not named:
        return
    for condition in with_key(statement, "aws:multifactorauthpresent"):
        if _demands_mfa(condition, allows=statement.allows, denies=statement.denies):
            yield hit(
                "Requests of services and of federated users never carry "
                "aws:MultiFactorAuthPresent, so that nobody can assume the role. Demand MFA where "
                "the users sign in.",
                condition.key_place,
                named[0].place,
            )


def _demands_mfa(condition: WrittenCondition, *, allows: bool, denies: bool) -> bool:
    used = condition.operator
    if used is None or not is_kind(condition, Kind.BOOL):
        return False
    if allows:
        return not used.if_exists and values_of(condition) == TRUE
    return denies and used.if_exists and values_of(condition) == FALSE
