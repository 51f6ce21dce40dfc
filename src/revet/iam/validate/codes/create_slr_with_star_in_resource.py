"""`iam:CreateServiceLinkedRole` is not allowed on roles with a wildcard."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import GRANTING
from revet.iam.validate.role_grant_hits import with_star_in_resource
from revet.iam.validate.role_grants import CREATE_LINKED_ROLE
from revet.iam.validate.subject import StatementSubject


@check(
    Level.WARNING,
    subject=StatementSubject,
    types=GRANTING,
    needs="createservicelinkedrole",
)
def create_slr_with_star_in_resource(statement: StatementSubject) -> Hits:
    """Allowed on roles with a wildcard.

    Rests on AWS's page of checks and on 1 of its answers on its own policies.
    """
    yield from with_star_in_resource(CREATE_LINKED_ROLE, statement)
