"""A role."""

from __future__ import annotations

from collections.abc import Sequence

import cdktn
from cdktn_provider_aws.iam_instance_profile import IamInstanceProfile
from cdktn_provider_aws.iam_role import IamRole
from cdktn_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from revet.constructs.arguments import check_items, check_range, check_region, check_text, refuse
from revet.constructs.context import Context
from revet.constructs.grant import Grant
from revet.constructs.iam.boundary import Boundary
from revet.constructs.iam.trust import Assumer, InstancePrincipal
from revet.constructs.placement import check_construct, check_scope, place
from revet.constructs.policy import PolicyStatement, document
from revet.constructs.record import make_record


class Role(Construct):
    """A role that a service or people assume; it can do nothing until something is granted.

    Makes `aws_iam_role`, one `aws_iam_role_policy` for each grant and for the region guard of the
    stack, and for instances `aws_iam_instance_profile`.

    Defaults, each with the control that asks for it:
        - trust limited to one service, this account and the resources named
          (`ec2-flow-log-role` for the role of a flow log), or to people with fresh MFA;
        - sessions of at most one hour;
        - denied in other regions where the `Context` has a `RegionGuard` (`iam-role-region-guard`);
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        description: what the role is for.
        assumed_by: an `iam.ServicePrincipal`, `iam.InstancePrincipal`, `iam.FunctionPrincipal`,
            `iam.ApiGatewayPrincipal` or `iam.PeopleOfAccount`.
        max_session_duration: seconds, 3600 to 43200.
        boundary: limits what the role can be granted.
        more_regions: regions that the role works in besides those of the stack's region guard, of
            replicas for example.

    Raises:
        ArgumentError: an argument outside what AWS allows.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        assumed_by: Assumer,
        max_session_duration: int = 3600,
        boundary: Boundary | None = None,
        more_regions: Sequence[str] = (),
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=64)
        check_range("max_session_duration", max_session_duration, 3600, 43200, "seconds")
        check_text("description", description, 1, 1000, "say what the role is for")
        if boundary is not None:
            check_construct("boundary", boundary, Boundary, context)
        if not isinstance(assumed_by, Assumer):
            refuse(
                "assumed_by",
                assumed_by,
                "an `iam.ServicePrincipal`, `iam.InstancePrincipal` or `iam.PeopleOfAccount`",
                "say who assumes the role, and for what",
            )
        assumed_by.check()
        check_items("more_regions", more_regions, str, "`eu-west-1` is one")
        for region in more_regions:
            check_region("more_regions", region)
        super().__init__(scope, construct_id)
        self.name = name
        self.resource = IamRole(
            self,
            "role",
            name=name,
            description=description,
            assume_role_policy=document([assumed_by.trust(context)]),
            max_session_duration=max_session_duration,
            permissions_boundary=None if boundary is None else boundary.arn,
            tags=context.tags_for(name),
        )
        self.arn: str = self.resource.arn
        self._made: list[cdktn.TerraformResource] = [self.resource]
        self.instance_profile = (
            self._instance_profile(context) if isinstance(assumed_by, InstancePrincipal) else None
        )
        if context.region_guard is not None:
            denial = context.region_guard.statement(context.region, more_regions)
            self._attach("region-guard", (denial,))
        context.records.append(make_record(self, "iam.Role", self._made))

    def _instance_profile(self, context: Context) -> IamInstanceProfile:
        made = IamInstanceProfile(
            self,
            "instance-profile",
            name=self.name,
            role=self.resource.name,
            tags=context.tags_for(self.name),
        )
        self._made.append(made)
        return made

    def allow(self, policy_name: str, *statements: PolicyStatement) -> Grant:
        """Attach statements as an inline policy.

        Args:
            policy_name: unique in this role, and middle part of the policy's name.
            statements: what is allowed.

        Raises:
            ArgumentError: a name that is taken in this role.
        """
        check_scope(self, policy_name)
        return Grant(statements, (self._attach(policy_name, statements),))

    def _attach(self, policy_name: str, statements: Sequence[PolicyStatement]) -> IamRolePolicy:
        policy = IamRolePolicy(
            self,
            policy_name,
            name=Context.of(self).name(policy_name, limit=128),
            role=self.resource.name,
            policy=document(statements),
        )
        self._made.append(policy)
        return policy
