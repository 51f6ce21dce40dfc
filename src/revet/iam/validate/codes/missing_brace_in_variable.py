"""A policy variable has a closing brace."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject
from revet.iam.validate.variables import variables_in_use


@check(Level.ERROR, subject=StatementSubject, needs="${")
def missing_brace_in_variable(statement: StatementSubject) -> Hits:
    """`${aws:username` without the brace that closes it.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for variable in variables_in_use(statement):
        if not variable.closed:
            yield hit(
                f"The policy variable in {quoted(variable.text)} is never closed. "
                "Add } after its name.",
                variable.place,
            )
