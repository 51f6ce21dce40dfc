"""An identity policy names no principals: whom it is attached to says it."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import OF_IDENTITIES
from revet.iam.validate.principal_elements import principal_places
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject, types=OF_IDENTITIES)
def unsupported_principal(statement: StatementSubject) -> Hits:
    """`Principal` or `NotPrincipal`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for name, place in principal_places(statement):
        yield hit(
            f"An identity policy holds for whom it is attached to. Remove {name}.",
            place,
        )
