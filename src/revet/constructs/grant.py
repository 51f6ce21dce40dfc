"""Grants: what one construct lets another do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cdktn_provider_aws.iam_role_policy import IamRolePolicy

from revet.constructs.policy import PolicyStatement


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission that was given.

    Args:
        statements: what it allows.
        policies: the inline policies that carry it, to depend on.
    """

    statements: tuple[PolicyStatement, ...]
    policies: tuple[IamRolePolicy, ...]

    def __add__(self, other: Grant) -> Grant:
        """Both."""
        return Grant(self.statements + other.statements, self.policies + other.policies)


class Grantee(Protocol):
    """Who can be granted something; `iam.Role` is one."""

    def allow(self, policy_name: str, *statements: PolicyStatement) -> Grant:
        """Attach statements as an inline policy.

        Args:
            policy_name: unique in the grantee.
            statements: what is allowed.
        """
        ...
