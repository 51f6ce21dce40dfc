"""User or group without the MFA deny."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.iam.mfa import SELF_SERVICE, fault_of, mfa_denies
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.memberships import groups_of, memberships_of
from revet.plan.principals import policies_of


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
    deviations=("no-mfa-requirement",),
)
def rule(
    resource: Resource, inventory: Inventory, *, self_service: tuple[str, ...] = SELF_SERVICE
) -> Outcome:
    """One sound denial is enough, whatever else is not known; a group that is empty needs none.

    None of AWS's own policies looks at MFA.
    """
    doubts, faults = Doubts(), list[str]()
    subjects, there = [resource], False
    if resource.type == "aws_iam_user":
        groups, unknown = groups_of(resource, inventory)
        subjects += groups
        doubts += unknown
    for subject in subjects:
        policies = policies_of(subject, inventory)
        there = there or bool(policies.held)
        doubts += policies.doubts
        for item in policies.held:
            with doubts:
                for statement in mfa_denies(item):
                    fault = fault_of(statement, self_service)
                    if not fault:
                        return compliant("denied without MFA", related=(item.name,))
                    faults.append(f"`{item.name}`: {fault}")
    if resource.type == "aws_iam_group" and not there:
        members, unknown = memberships_of(resource, inventory)
        doubts += unknown
        if not members and not doubts:
            return compliant("it has no members and no policies")
    why = "; ".join(faults) or "no policy denies what is done without MFA"
    return doubts.settled(noncompliant(why))
