"""`Effect` is `Allow` or `Deny`, in exactly this case."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject)
def invalid_effect(statement: StatementSubject) -> Hits:
    """A string that is neither; another JSON type is `DATA_TYPE_MISMATCH`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if statement.effect and statement.effect not in ("Allow", "Deny"):
        yield hit(
            f"The effect {statement.effect} does not exist. Use Allow or Deny.",
            statement.element_place("Effect"),
        )
