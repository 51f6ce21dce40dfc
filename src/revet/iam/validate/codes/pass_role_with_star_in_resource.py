"""`iam:PassRole` is not allowed on roles with a wildcard."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import GRANTING
from revet.iam.validate.role_grant_hits import with_star_in_resource
from revet.iam.validate.role_grants import PASS_ROLE
from revet.iam.validate.subject import StatementSubject


@check(
    Level.SECURITY_WARNING,
    subject=StatementSubject,
    types=GRANTING,
    needs="passrole",
)
def pass_role_with_star_in_resource(statement: StatementSubject) -> Hits:
    """Allowed on roles with a wildcard.

    Rests on AWS's page of checks and on 3 of its answers on its own policies.
    """
    yield from with_star_in_resource(PASS_ROLE, statement)
