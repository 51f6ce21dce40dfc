"""A role for a service."""

from __future__ import annotations

import re
from dataclasses import dataclass

import cdktn
from cdktn_provider_aws.iam_role import IamRole
from cdktn_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from revet.constructs.arguments import check_match, check_range, check_text, refuse
from revet.constructs.context import Context
from revet.constructs.grant import Grant
from revet.constructs.placement import check_scope, place
from revet.constructs.policy import PolicyStatement, document, statement
from revet.constructs.record import make_record

_ARN = re.compile(r"arn:.+|\$\{.+", re.DOTALL)
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """A service that assumes a role, limited to requests for one resource of this account.

    Args:
        service: the principal, for example `vpc-flow-logs.amazonaws.com`.
        source_arn: pattern of the resource on whose behalf it acts (`aws:SourceArn`); without it
            another account could have the service act with this role (confused deputy).
    """

    service: str
    source_arn: str


class Role(Construct):
    """A role that one service assumes; it can do nothing until something is granted.

    Makes `aws_iam_role`, and one `aws_iam_role_policy` for each grant.

    Defaults, each with the control that asks for it:
        - trust limited to one service, this account and the resources named
          (`ec2-flow-log-role` for the role of a flow log);
        - sessions of at most one hour;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        description: what the role is for.
        assumed_by: the service.
        max_session_duration: seconds, 3600 to 43200.
        permissions_boundary: ARN of a managed policy that limits the role; empty for none.

    Raises:
        ArgumentError: an argument outside what AWS allows.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        assumed_by: ServicePrincipal,
        max_session_duration: int = 3600,
        permissions_boundary: str = "",
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=64)
        check_range("max_session_duration", max_session_duration, 3600, 43200, "seconds")
        check_text("description", description, 1, 1000, "say what the role is for")
        check_text("permissions_boundary", permissions_boundary, 0, 2048, "give an ARN")
        _check_principal(assumed_by)
        super().__init__(scope, construct_id)
        trust = statement(
            "ServiceAssumesForThisAccount",
            actions="sts:AssumeRole",
            resources=None,
            principals={"Service": assumed_by.service},
            conditions={
                "StringEquals": {"aws:SourceAccount": context.account_id},
                "ArnLike": {"aws:SourceArn": assumed_by.source_arn},
            },
        )
        self.name = name
        self.resource = IamRole(
            self,
            "role",
            name=name,
            description=description,
            assume_role_policy=document([trust]),
            max_session_duration=max_session_duration,
            permissions_boundary=permissions_boundary or None,
            tags=context.tags_for(name),
        )
        self.arn: str = self.resource.arn
        self._made: list[cdktn.TerraformResource] = [self.resource]
        context.records.append(make_record(self, "iam.Role", self._made))

    def allow(self, policy_name: str, *statements: PolicyStatement) -> Grant:
        """Attach statements as an inline policy.

        Args:
            policy_name: unique in this role, and middle part of the policy's name.
            statements: what is allowed.

        Raises:
            ArgumentError: a name that is taken in this role.
        """
        check_scope(self, policy_name)
        policy = IamRolePolicy(
            self,
            policy_name,
            name=Context.of(self).name(policy_name, limit=128),
            role=self.resource.name,
            policy=document(statements),
        )
        self._made.append(policy)
        return Grant(statements, (policy,))


def _check_principal(principal: object) -> None:
    if not isinstance(principal, ServicePrincipal):
        refuse(
            "assumed_by",
            principal,
            "an `iam.ServicePrincipal`",
            "name the service and the resources it acts for",
        )
    check_match(
        "assumed_by.service",
        principal.service,
        _SERVICE,
        "a service principal such as `ec2.amazonaws.com`",
        "name the service",
    )
    check_match(
        "assumed_by.source_arn",
        principal.source_arn,
        _ARN,
        "a source ARN",
        "name the resources it acts for",
    )
