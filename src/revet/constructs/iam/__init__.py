"""AWS Identity and Access Management."""

from revet.constructs.iam.boundary import Boundary
from revet.constructs.iam.group import Group, MfaGuard
from revet.constructs.iam.role import Role
from revet.constructs.iam.trust import (
    ApiGatewayPrincipal,
    FunctionPrincipal,
    InstancePrincipal,
    PeopleOfAccount,
    ServicePrincipal,
)

__all__ = [
    "ApiGatewayPrincipal",
    "Boundary",
    "FunctionPrincipal",
    "Group",
    "InstancePrincipal",
    "MfaGuard",
    "PeopleOfAccount",
    "Role",
    "ServicePrincipal",
]
