"""A group of people."""

from __future__ import annotations

from cdktn_provider_aws.iam_group import IamGroup
from constructs import Construct

from revet.constructs.iam.mfa_guard import MfaGuard
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record


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
