"""The settings of API Gateway for one account and region."""

from __future__ import annotations

from cdktn_provider_aws.api_gateway_account import ApiGatewayAccount
from constructs import Construct

from revet.constructs.iam.boundary import Boundary
from revet.constructs.iam.role import Role
from revet.constructs.iam.trust import ApiGatewayPrincipal
from revet.constructs.placement import check_construct, place
from revet.constructs.policy import statement
from revet.constructs.record import make_record

# What API Gateway asks the role for when it is set: whether it may do these on every log group.
# Source: API Gateway developer guide, "Set up CloudWatch API logging", permissions of the role;
# hashicorp/aws, `aws_api_gateway_account`, whose example has a policy of its own with them.
_PUSH = (
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:PutLogEvents",
)


class Account(Construct):
    """The role by which API Gateway writes logs, one for each account and region.

    Makes `aws_api_gateway_account` and the role (`iam.Role`).

    API Gateway takes the role only where it may write every log group: it tries the role when it is
    set. AWS has one such setting for each account and region, whatever stacks there
    are; what is destroyed is the role. Version 6 of the provider clears the setting then, version 5
    leaves the name of the role that is gone.

    Defaults, each with the control that asks for it:
        - the role can write logs and nothing else;
        - the stack's tags on the role (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the role's name.
        boundary: limits the role.

    Raises:
        ArgumentError: a boundary of another stack.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, boundary: Boundary | None = None
    ) -> None:
        context = place(scope, construct_id)
        context.name(f"{construct_id}-role", limit=64)
        if boundary is not None:
            check_construct("boundary", boundary, Boundary, context)
        super().__init__(scope, construct_id)
        self.role = Role(
            self,
            f"{construct_id}-role",
            description="API Gateway writes the logs of stages",
            assumed_by=ApiGatewayPrincipal(),
            boundary=boundary,
        )
        granted = self.role.allow(
            f"{construct_id}-push", statement("PushLogs", actions=_PUSH, resources="*")
        )
        self.resource = ApiGatewayAccount(
            self,
            "account",
            cloudwatch_role_arn=self.role.arn,
            depends_on=list(granted.policies),
        )
        context.records.append(make_record(self, "apigateway.Account", (self.resource,)))
