"""Statements that deny without multi-factor authentication, and whether they do.

Sources: IAM User Guide, "AWS global condition context keys" (`aws:MultiFactorAuthPresent`) and
"AWS: Allows MFA-authenticated IAM users to manage their own credentials". The key is absent from
requests with long-term access keys: `Bool` does not match them, `BoolIfExists` does.
"""

from __future__ import annotations

from revet.iam.document import PolicyDocument, Statement
from revet.iam.reference.conditions import condition_key
from revet.model.errors import UnknownValueError
from revet.plan.held_policies import HeldPolicy

_GLOBAL = "aws:"
_PRESENT = "aws:multifactorauthpresent"
_AGE = "aws:multifactorauthage"
_VIA_SERVICE = "aws:viaawsservice"
SELF_SERVICE = (
    "iam:ChangePassword",
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetAccountPasswordPolicy",
    "iam:GetMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListUsers",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
)
"""What a user needs to get as far as MFA. Sources: IAM User Guide, "AWS: Allows MFA-authenticated
IAM users to manage their own credentials", and AWS re:Post on MFA with the CLI. Not among them: to
take an MFA device away."""
_REMOVES_MFA = ("iam:deactivatemfadevice", "iam:deletevirtualmfadevice")


def mfa_denies(policy: HeldPolicy) -> tuple[Statement, ...]:
    """The statements of a policy that deny and look at MFA; none of AWS's own policies has any.

    Raises:
        UnknownValueError: it is not known what the policy says.
    """
    found = tuple(
        statement
        for statement in (policy.document.statements if policy.document is not None else ())
        if statement.effect == "Deny"
        and any(condition.key.lower() in (_PRESENT, _AGE) for condition in statement.conditions)
    )
    if not found and policy.doubt is not None and not policy.of_aws:
        raise policy.doubt
    return found


def denies_by_mfa(policy: HeldPolicy) -> bool:
    """Whether a policy denies by MFA in any way, sound or not.

    Raises:
        UnknownValueError: it is not known what the policy says, or by what it denies.
    """
    if mfa_denies(policy):
        return True
    if policy.document is not None:
        _check_keys(policy.document)
    return False


def _check_keys(document: PolicyDocument) -> None:
    """Refuse a policy that denies by a global condition key that AWS does not have."""
    for statement in document.statements:
        for condition in statement.conditions if statement.effect == "Deny" else ():
            if condition.key.lower().startswith(_GLOBAL) and condition_key(condition.key) is None:
                raise UnknownValueError(
                    condition.key,
                    why="AWS has no such condition key",
                    resolve=f"correct it; `{_PRESENT}` is the one for MFA",
                )


def fault_of(statement: Statement, self_service: tuple[str, ...]) -> str:
    """Why a statement does not deny everything without MFA; empty when it does.

    Args:
        statement: that denies and looks at MFA.
        self_service: actions that may stay possible without MFA.
    """
    return _condition_fault(statement) or _reach_fault(statement, self_service)


def _condition_fault(statement: Statement) -> str:
    found = False
    for condition in statement.conditions:
        operator, key = condition.operator.lower(), condition.key.lower()
        values = [value.lower() for value in condition.values]
        if key == _VIA_SERVICE and operator in ("bool", "boolifexists") and values == ["false"]:
            continue  # AWS's own variant: calls that a service makes for the user stay possible
        if key != _PRESENT:
            return f"it denies only where `{condition.key}` matches too"
        if operator == "bool":
            return (
                "`Bool` does not deny long-term access keys: they have no `aws:MultiFactorAuth"
                "Present` at all; write `BoolIfExists`"
            )
        if operator == "null":
            return (
                "`Null` denies only where the key is absent, not sessions that were made without "
                "MFA; write `BoolIfExists`"
            )
        if operator != "boolifexists" or values != ["false"]:
            text = ", ".join(condition.values)
            return f"`{condition.operator}` with `{text}` is not a denial without MFA"
        found = True
    return "" if found else f"it does not look at `{_PRESENT}`"


def _reach_fault(statement: Statement, self_service: tuple[str, ...]) -> str:
    if "*" not in statement.resources:
        return "it denies on some resources only"
    if statement.actions:
        return "" if "*" in statement.actions else "it denies some actions only"
    allowed = {action.lower() for action in self_service}
    for action in statement.not_actions:
        if action.lower() in _REMOVES_MFA:
            return f"without MFA, `{action}` takes the MFA device away"
        if action.lower() not in allowed:
            return f"`{action}` stays possible without MFA"
    return ""
