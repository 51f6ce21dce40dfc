"""Groups of people, and the policy that lets them do nothing but set up MFA without it."""

from __future__ import annotations

import cdktn
from cdktn_provider_aws.iam_group import IamGroup
from cdktn_provider_aws.iam_group_policy_attachment import IamGroupPolicyAttachment
from cdktn_provider_aws.iam_policy import IamPolicy
from cdktn_provider_aws.iam_virtual_mfa_device import IamVirtualMfaDevice
from constructs import Construct

from revet.constructs.arguments import check_reason, refuse
from revet.constructs.context import Context
from revet.constructs.iam.role import Role
from revet.constructs.iam.trust import ServicePrincipal
from revet.constructs.placement import check_construct, place
from revet.constructs.policy import PolicyStatement, document, statement
from revet.constructs.record import Weakening, make_record

# Source: IAM user guide, "AWS: Allows MFA-authenticated IAM users to manage their own credentials".
# Not in it: iam:DeactivateMFADevice and iam:DeleteVirtualMFADevice, with which whoever holds a
# password alone could put a device of their own in the place of the owner's.
SELF_SERVICE = (
    "iam:ChangePassword",
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetAccountPasswordPolicy",
    "iam:GetMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
)
_ARGUMENT = "virtual_mfa_device"


class MfaGuard(Construct):
    """A managed policy that denies all but MFA self-service unless MFA is present.

    Makes `aws_iam_policy`; `attach_to` makes one `aws_iam_group_policy_attachment`; with
    `virtual_mfa_device` one `aws_iam_virtual_mfa_device`.

    Defaults, each with the control that asks for it:
        - `Deny` with `NotAction` and `BoolIfExists`: with `Bool` or `Null`, requests signed with a
          long-term access key, which carry no such key, would pass or fail wrongly
          (`iam-mfa-deny`); calls that a service makes for somebody who got in with MFA are let
          through, since they say that MFA is not present;
        - only for groups of people: credentials of a role carry no MFA information, so that the
          same statement would lock a role out for ever (`iam-mfa-deny-placement`);
        - `Allow` for each person's own password and MFA devices, since a deny grants nothing;
        - no virtual device: Terraform would keep its seed in the state;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        virtual_mfa_device: the reason for a virtual device, made here and enabled by nobody yet;
            whoever reads the state then can read its seed.

    Raises:
        ArgumentError: a bad id, or a reason that says nothing.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, virtual_mfa_device: str = ""
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=128)
        if virtual_mfa_device != "":
            check_reason(_ARGUMENT, virtual_mfa_device)
        super().__init__(scope, construct_id)
        self.resource = IamPolicy(
            self,
            "policy",
            name=name,
            description="Denies all but MFA self-service unless MFA is present",
            policy=document(_statements(context)),
            tags=context.tags_for(name),
        )
        self.arn: str = self.resource.arn
        self._made: list[cdktn.TerraformResource] = [self.resource]
        self.device = self._device(name, context) if virtual_mfa_device else None
        weakened = (Weakening(_ARGUMENT, virtual_mfa_device),) if virtual_mfa_device else ()
        context.records.append(make_record(self, "iam.MfaGuard", self._made, weakened))

    def _device(self, name: str, context: Context) -> IamVirtualMfaDevice:
        device = IamVirtualMfaDevice(
            self, "device", virtual_mfa_device_name=name, tags=context.tags_for(name)
        )
        self._made.append(device)
        return device

    def attach_to(self, group: Group) -> None:
        """Put the members of a group under the guard; a group calls it when it is made.

        Args:
            group: a group of people; never a role.

        Raises:
            ArgumentError: a role or a service, a group of another stack, or one that has it.
        """
        if isinstance(group, Role | ServicePrincipal):
            refuse(
                "group",
                group,
                "an `iam.Group`: credentials of a role carry no MFA information, so that the deny"
                " would lock it out for ever",
                "for a role, ask for MFA and its age in the trust policy",
            )
        check_construct("group", group, Group, Context.of(self))
        child = f"guards-{group.node.id}"
        if self.node.try_find_child(child) is not None:
            refuse("group", group.node.path, "a group that is not guarded yet", "attach it once")
        self._made.append(
            IamGroupPolicyAttachment(
                self, child, group=group.resource.name, policy_arn=self.resource.arn
            )
        )


class Group(Construct):
    """A group of people who can do nothing without MFA, and with it what is granted.

    Makes `aws_iam_group`, which cannot be tagged.

    Defaults, each with the control that asks for it:
        - `mfa_guard` is attached (`iam-mfa-deny`);
        - no permission, and no member.

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        mfa_guard: denies the members all but MFA self-service unless MFA is present.

    Raises:
        ArgumentError: a bad id, a name that is too long, or a guard of another stack.
    """

    def __init__(self, scope: Construct, construct_id: str, *, mfa_guard: MfaGuard) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=128)
        check_construct("mfa_guard", mfa_guard, MfaGuard, context)
        super().__init__(scope, construct_id)
        self.name = name
        self.resource = IamGroup(self, "group", name=name)
        self.arn: str = self.resource.arn
        mfa_guard.attach_to(self)
        context.records.append(make_record(self, "iam.Group", (self.resource,)))


def _statements(context: Context) -> tuple[PolicyStatement, ...]:
    own = context.arn("iam", "user/${aws:username}", region=False)
    present = "aws:MultiFactorAuthPresent"
    return (
        statement(
            "SeeWhatIsAsked",
            actions=("iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices"),
        ),
        statement("OwnPassword", actions=("iam:ChangePassword", "iam:GetUser"), resources=own),
        statement(
            "OwnDevices",
            actions=(
                "iam:EnableMFADevice",
                "iam:GetMFADevice",
                "iam:ListMFADevices",
                "iam:ResyncMFADevice",
            ),
            resources=own,
        ),
        statement(
            "NewDevice",  # its name is free
            actions="iam:CreateVirtualMFADevice",
            resources=context.arn("iam", "mfa/*", region=False),
        ),
        statement(
            "RemoveOwnDevice",
            actions="iam:DeactivateMFADevice",
            resources=own,
            conditions={"Bool": {present: "true"}},
        ),
        statement(
            "DenyAllButSelfServiceWithoutMfa",
            effect="Deny",
            not_actions=SELF_SERVICE,
            conditions={"BoolIfExists": {present: "false", "aws:ViaAWSService": "false"}},
        ),
    )
