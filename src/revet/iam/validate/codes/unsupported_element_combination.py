"""A statement has an element or its negation, not both."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.subject import StatementSubject

PAIRS = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))


@check(Level.ERROR, subject=StatementSubject)
def unsupported_element_combination(statement: StatementSubject) -> Hits:
    """`Action` with `NotAction`, and likewise for `Resource` and `Principal`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for name, negation in PAIRS:
        if negation in statement.members and name in statement.members:
            yield hit(
                f"{name} and {negation} exclude each other. Keep one of them in the statement.",
                statement.element_place(name),
                statement.element_place(negation),
            )
