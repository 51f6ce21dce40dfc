"""AWS Identity and Access Management."""

from revet.constructs.iam.group import Group
from revet.constructs.iam.mfa_guard import MfaGuard
from revet.constructs.iam.role import Role, ServicePrincipal

__all__ = ["Group", "MfaGuard", "Role", "ServicePrincipal"]
