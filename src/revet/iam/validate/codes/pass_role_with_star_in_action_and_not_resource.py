"""`iam:PassRole` is not allowed by a wildcard, beside `NotResource`."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import GRANTING
from revet.iam.validate.role_grant_hits import with_star_in_action_and_not_resource
from revet.iam.validate.role_grants import PASS_ROLE
from revet.iam.validate.subject import StatementSubject


@check(
    Level.SECURITY_WARNING,
    subject=StatementSubject,
    types=GRANTING,
    needs="notresource",
)
def pass_role_with_star_in_action_and_not_resource(statement: StatementSubject) -> Hits:
    """Allowed by a wildcard, beside `NotResource`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    yield from with_star_in_action_and_not_resource(PASS_ROLE, statement)
