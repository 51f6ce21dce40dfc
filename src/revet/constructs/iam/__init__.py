"""AWS Identity and Access Management."""

from revet.constructs.iam.group import Group, MfaGuard
from revet.constructs.iam.role import Role, ServicePrincipal

__all__ = ["Group", "MfaGuard", "Role", "ServicePrincipal"]
