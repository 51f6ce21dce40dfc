"""Who may assume a role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from revet.constructs.arguments import check_match, check_range
from revet.constructs.context import Context
from revet.constructs.policy import PolicyStatement, statement

_ARN = re.compile(r"arn:.+|\$\{.+", re.DOTALL)
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


@runtime_checkable
class Assumer(Protocol):
    """Who assumes a role: one of the classes of this file."""

    def check(self) -> None:
        """Check the arguments.

        Raises:
            ArgumentError: one of them is not allowed.
        """

    def trust(self, context: Context) -> PolicyStatement:
        """The statement of the trust policy.

        Args:
            context: of the stack.
        """


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

    def check(self) -> None:
        """Check the principal and the ARN.

        Raises:
            ArgumentError: one of them has another form.
        """
        check_match(
            "assumed_by.service",
            self.service,
            _SERVICE,
            "a service principal such as `ec2.amazonaws.com`",
            "name the service",
        )
        check_match(
            "assumed_by.source_arn",
            self.source_arn,
            _ARN,
            "a source ARN",
            "name the resources it acts for",
        )

    def trust(self, context: Context) -> PolicyStatement:
        """The service, for this account and these resources."""
        return statement(
            "ServiceAssumesForThisAccount",
            actions="sts:AssumeRole",
            resources=None,
            principals={"Service": self.service},
            conditions={
                "StringEquals": {"aws:SourceAccount": context.account_id},
                "ArnLike": {"aws:SourceArn": self.source_arn},
            },
        )


@dataclass(frozen=True, slots=True)
class InstancePrincipal:
    """Instances of EC2, which get the role by an instance profile.

    Whoever starts an instance with it needs `iam:PassRole` in this account, so that no other
    account can have EC2 act with it.
    """

    def check(self) -> None:
        """Nothing can be wrong."""

    def trust(self, context: Context) -> PolicyStatement:
        """EC2; its principal ends with the partition's suffix in China."""
        suffix = context.partition.dns_suffix if context.partition.id == "aws-cn" else ""
        service = f"ec2.{suffix or 'amazonaws.com'}"
        return statement(
            "InstancesAssume",
            actions="sts:AssumeRole",
            resources=None,
            principals={"Service": service},
        )


@dataclass(frozen=True, slots=True)
class FunctionPrincipal:
    """Functions of Lambda of this account.

    Whoever makes a function with it needs `iam:PassRole` in this account. A source ARN is not asked
    for: Lambda assumes the role once before there is a function.
    """

    def check(self) -> None:
        """Nothing can be wrong."""

    def trust(self, context: Context) -> PolicyStatement:
        """Lambda, for this account."""
        return statement(
            "FunctionsAssumeForThisAccount",
            actions="sts:AssumeRole",
            resources=None,
            principals={"Service": "lambda.amazonaws.com"},
            conditions={"StringEquals": {"aws:SourceAccount": context.account_id}},
        )


@dataclass(frozen=True, slots=True)
class ApiGatewayPrincipal:
    """API Gateway, which writes the logs of the account's stages.

    Whoever names it in the settings of API Gateway needs `iam:PassRole` in this account; that is
    the form of the trust that AWS documents. Source: API Gateway developer guide, "Permissions for
    CloudWatch logging".
    """

    def check(self) -> None:
        """Nothing can be wrong."""

    def trust(self, context: Context) -> PolicyStatement:
        """API Gateway."""
        del context
        return statement(
            "ApiGatewayAssumes",
            actions="sts:AssumeRole",
            resources=None,
            principals={"Service": "apigateway.amazonaws.com"},
        )


@dataclass(frozen=True, slots=True)
class PeopleOfAccount:
    """People of this account who recently authenticated with MFA.

    Their own policies must allow `sts:AssumeRole` too. MFA stands in the trust policy, since
    credentials of a role carry none: a statement about MFA in the role's own policies would lock
    everybody out.

    Args:
        mfa_age_in_seconds: how long ago at most, 900 to 43200.
    """

    mfa_age_in_seconds: int = 3600

    def check(self) -> None:
        """Check the age.

        Raises:
            ArgumentError: it is outside its bounds.
        """
        check_range("mfa_age_in_seconds", self.mfa_age_in_seconds, 900, 43200, "seconds")

    def trust(self, context: Context) -> PolicyStatement:
        """The account, with fresh MFA."""
        return statement(
            "PeopleAssumeWithMfa",
            actions="sts:AssumeRole",
            resources=None,
            principals={"AWS": context.arn("iam", "root", region=False)},
            conditions={
                "Bool": {"aws:MultiFactorAuthPresent": "true"},
                "NumericLessThan": {"aws:MultiFactorAuthAge": str(self.mfa_age_in_seconds)},
            },
        )
