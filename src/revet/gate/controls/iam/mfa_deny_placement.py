"""MFA deny in an identity policy or boundary of a service, federated, shared or human role.

One control has one severity: for a service or federated role the deny is an outage (high), for a
role that people of the account assume it is unreliable (medium). Most plans do not show who will
assume a role, so it is the high one; the explanation says which of the two it is.
"""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.iam.mfa import denies_by_mfa
from revet.gate.readings.iam.trust import trusted_principals
from revet.model.errors import InputError, UnknownValueError
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.held_policies import HeldPolicy
from revet.plan.principals import boundary_of, given_by, policies_of

_ROLE = "aws_iam_role"
_PERMISSION_SET = "aws_ssoadmin_permission_set_inline_policy"


@control(
    title="the MFA deny is not put on roles",
    severity=Severity.HIGH,
    resource=(
        _ROLE,
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
        "aws_iam_policy_attachment",
        _PERMISSION_SET,
    ),
    required=(
        "no policy of a role, inline, attached or as permissions boundary, denies by "
        "`aws:MultiFactorAuthPresent`; a role that people assume asks for MFA in its trust policy"
    ),
    impact=(
        "the role is locked out: services and federated users never show MFA, and credentials of "
        "an assumed role carry no MFA information"
    ),
    fix="""# in the trust policy of a role that people assume, instead of the denial:
condition {
  test     = "Bool"
  variable = "aws:MultiFactorAuthPresent"
  values   = ["true"]
}
condition {
  test     = "NumericLessThan"
  variable = "aws:MultiFactorAuthAge"
  values   = ["3600"]
}""",
    deviations=("mfa-deny-out-of-place",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Any operator counts: `BoolIfExists` locks out, `Bool` and `Null` are wrong in other ways."""
    held, doubts = _held(resource, inventory)
    for item in held:
        with doubts:
            if not denies_by_mfa(item):
                continue
            bounds = item.path == "permissions_boundary"
            where = "its permissions boundary" if bounds else f"`{item.name}`"
            return noncompliant(
                f"{where} denies by MFA: {_who(resource, inventory)}",
                paths=(item.path,) if item.holder is resource else (),
                related=() if item.name == resource.address else (item.name,),
            )
    return doubts.settled(compliant("no policy of a role here looks at MFA"))


def _held(resource: Resource, inventory: Inventory) -> tuple[list[HeldPolicy], Doubts]:
    """What gives policies to a role; a role is judged with what apply forgets of it."""
    if resource.type == "aws_iam_policy_attachment" and not resource.is_set("roles"):
        return [], Doubts()
    given = given_by(resource, inventory)
    held, doubts = list(given.held), Doubts(given.doubts)
    if resource.type == _ROLE:
        every = policies_of(resource, inventory).held if inventory.deleted else ()
        held += [item for item in every if item.holder.actions == ("forget",)]
        with doubts:
            bound = boundary_of(resource, inventory)
            held += [bound] if bound is not None else []
    return held, doubts


def _who(resource: Resource, inventory: Inventory) -> str:
    """Why it does harm to those who assume the role, as far as the plan shows who they are."""
    if resource.type == _PERMISSION_SET:
        return "the MFA of an identity provider is not visible to IAM, so it denies all for ever"
    kinds = _assuming(resource, inventory)
    if "Service" in kinds:
        return "a service never has MFA, so it denies the service all for ever"
    if "Federated" in kinds:
        return "the MFA of an identity provider is not visible to IAM, so it denies all for ever"
    return (
        "credentials of an assumed role carry no MFA information by AWS's documentation, so it may "
        "deny all even after MFA; ask for MFA in the trust policy"
    )


def _assuming(resource: Resource, inventory: Inventory) -> set[str]:
    """The kinds of principals that assume the role; none where the plan does not show them."""
    try:
        role = resource if resource.type == _ROLE else inventory.target(resource, "role")
        trusted = trusted_principals(role) if role is not None else ()
    except (UnknownValueError, InputError):
        return set()  # it only words the explanation
    return {principal.kind for principal in trusted or ()}
