"""X-14: user or group without the MFA deny."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.identity_policies import certain, identity_policies
from revet.gate.mfa import fault_of, mfa_denies
from revet.model.errors import UnknownValueError
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

# What a user needs to get as far as MFA. Source: IAM User Guide, "AWS: Allows MFA-authenticated
# IAM users to manage their own credentials", and AWS re:Post on MFA with the CLI. Not among them:
# to take an MFA device away.
_SELF_SERVICE = (
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


@control(
    title="users and groups may do nothing without MFA but set it up",
    severity=Severity.HIGH,
    resource=("aws_iam_group", "aws_iam_user"),
    required=(
        "a policy of the group, or of the user or a group of theirs, denies everything but the "
        "actions of `self_service` under `BoolIfExists` `aws:MultiFactorAuthPresent` `false`"
    ),
    impact="a stolen password or access key is enough to act as the user",
    fix="""statement {
  effect    = "Deny"
  resources = ["*"]
  not_actions = [
    "iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetMFADevice", "iam:GetUser",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
    "sts:GetSessionToken",
  ]
  condition {
    test     = "BoolIfExists"
    variable = "aws:MultiFactorAuthPresent"
    values   = ["false"]
  }
}""",
    deviations=("X-14",),
)
def rule(
    resource: Resource, inventory: Inventory, *, self_service: tuple[str, ...] = _SELF_SERVICE
) -> Outcome:
    """One sound denial is enough, whatever else is not known; a group that is empty needs none."""
    doubts: list[UnknownValueError] = []
    faults: list[str] = []
    subjects = (resource, *_groups(resource, inventory, doubts))
    for subject in subjects:
        policies = identity_policies(subject, inventory)
        doubts += policies.doubts
        for address, document in policies.documents:
            for statement in mfa_denies(document):
                fault = fault_of(statement, self_service)
                if not fault:
                    return compliant("denied without MFA", related=(address,))
                faults.append(f"`{address}`: {fault}")
        if subject.type == "aws_iam_group" and len(subjects) == 1 and not policies.any:
            members = _members(subject, inventory, doubts)
            if not members and not doubts:
                return compliant("it has no members and no policies")
    if doubts:
        raise doubts[0]
    return noncompliant("; ".join(faults) or "no policy denies what is done without MFA")


def _groups(
    user: Resource, inventory: Inventory, doubts: list[UnknownValueError]
) -> tuple[Resource, ...]:
    """The groups of the plan that a user belongs to."""
    if user.type != "aws_iam_user":
        return ()
    found: list[Resource | None] = []
    for item in certain(user, inventory, "aws_iam_group_membership", "users", doubts):
        found += _target(item, inventory, doubts)
    for item in certain(user, inventory, "aws_iam_user_group_membership", "user", doubts):
        try:
            found += inventory.targets(item, "groups")
        except UnknownValueError as error:
            doubts.append(error)
    return tuple(group for group in found if group is not None and group.type == "aws_iam_group")


def _target(
    membership: Resource, inventory: Inventory, doubts: list[UnknownValueError]
) -> list[Resource | None]:
    try:
        return [inventory.target(membership, "group")]
    except UnknownValueError as error:
        doubts.append(error)
        return []


def _members(group: Resource, inventory: Inventory, doubts: list[UnknownValueError]) -> bool:
    memberships = certain(group, inventory, "aws_iam_group_membership", "group", doubts)
    return bool(
        memberships or certain(group, inventory, "aws_iam_user_group_membership", "groups", doubts)
    )
