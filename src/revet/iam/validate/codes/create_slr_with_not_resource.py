"""`iam:CreateServiceLinkedRole` is not allowed beside `NotResource`."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import GRANTING
from revet.iam.validate.role_grant_hits import with_not_resource
from revet.iam.validate.role_grants import CREATE_LINKED_ROLE
from revet.iam.validate.subject import StatementSubject


@check(
    Level.WARNING,
    subject=StatementSubject,
    types=GRANTING,
    needs="createservicelinkedrole",
)
def create_slr_with_not_resource(statement: StatementSubject) -> Hits:
    """Allowed beside `NotResource`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    yield from with_not_resource(CREATE_LINKED_ROLE, statement)
