"""A policy variable names a condition key."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject
from revet.iam.validate.variables import variables_in_use


@check(Level.ERROR, subject=StatementSubject, needs="${")
def empty_variable(statement: StatementSubject) -> Hits:
    """`${}`, also with nothing but spaces or a default value inside.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for variable in variables_in_use(statement):
        if variable.closed and variable.is_empty:
            yield hit(
                f"The policy variable {quoted(variable.text)} names nothing. "
                "Name a condition key between the braces, or remove it.",
                variable.place,
            )
