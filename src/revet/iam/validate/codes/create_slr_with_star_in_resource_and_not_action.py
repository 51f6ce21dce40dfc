"""`iam:CreateServiceLinkedRole` is not allowed by `NotAction`, on roles with a wildcard."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import GRANTING
from revet.iam.validate.role_grant_hits import with_star_in_resource_and_not_action
from revet.iam.validate.role_grants import CREATE_LINKED_ROLE
from revet.iam.validate.subject import StatementSubject


@check(
    Level.WARNING,
    subject=StatementSubject,
    types=GRANTING,
    needs="notaction",
)
def create_slr_with_star_in_resource_and_not_action(statement: StatementSubject) -> Hits:
    """Allowed by `NotAction`, on roles with a wildcard.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    yield from with_star_in_resource_and_not_action(CREATE_LINKED_ROLE, statement)
