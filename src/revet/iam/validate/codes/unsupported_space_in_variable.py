"""The name of a policy variable holds no space."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject
from revet.iam.validate.variables import variables_in_use


@check(Level.ERROR, subject=StatementSubject, needs="${")
def unsupported_space_in_variable(statement: StatementSubject) -> Hits:
    """`${aws: username}`; a space before the default value is allowed.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for variable in variables_in_use(statement):
        if variable.closed and not variable.is_empty and " " in variable.name:
            yield hit(
                f"The policy variable {quoted(variable.text)} holds a space in its name. "
                "Remove the space.",
                variable.place,
            )
