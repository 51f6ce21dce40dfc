"""A statement id that is there says something."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.sids import sid_of
from revet.iam.validate.subject import StatementSubject


@check(Level.SUGGESTION, subject=StatementSubject)
def empty_sid_value(statement: StatementSubject) -> Hits:
    """An empty string.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if sid_of(statement) == "":
        yield hit(
            "The statement id is empty. Give it a value, or remove Sid.",
            statement.element_place("Sid"),
        )
