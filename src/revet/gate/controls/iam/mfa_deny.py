"""X-14: user or group without the MFA deny."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.iam.mfa import fault_of, mfa_denies
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.memberships import groups_of, memberships_of
from revet.plan.principals import policies_of

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
    """One sound denial is enough, whatever else is not known; a group that is empty needs none.

    None of AWS's own policies looks at MFA.
    """
    groups, unknown = (
        groups_of(resource, inventory) if resource.type == "aws_iam_user" else ((), ())
    )
    doubts = Doubts(unknown)
    faults: list[str] = []
    there = False
    for subject in (resource, *groups):
        policies = policies_of(subject, inventory)
        there = there or bool(policies.held)
        doubts += policies.doubts
        doubts += [item.doubt for item in policies.held if item.doubt and not item.of_aws]
        for address, document in policies.documents:
            for statement in mfa_denies(document):
                fault = fault_of(statement, self_service)
                if not fault:
                    return compliant("denied without MFA", related=(address,))
                faults.append(f"`{address}`: {fault}")
    if resource.type == "aws_iam_group" and not there:
        members, unknown = memberships_of(resource, inventory)
        doubts += unknown
        if not members and not doubts:
            return compliant("it has no members and no policies")
    why = "; ".join(faults) or "no policy denies what is done without MFA"
    return doubts.settled(noncompliant(why))
