"""AWS Identity and Access Management."""

from revet.constructs.iam.role import Role, ServicePrincipal

__all__ = ["Role", "ServicePrincipal"]
