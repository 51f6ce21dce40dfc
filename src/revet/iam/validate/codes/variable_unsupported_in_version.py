"""Policy variables need the version 2012-10-17 of the policy language."""

from __future__ import annotations

from revet.iam.glob_parts import is_variable
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject
from revet.iam.validate.variables import VERSION, variables_in_place

_WITHOUT_VARIABLES = "2008-10-17"


@check(Level.ERROR, subject=StatementSubject, needs="${")
def variable_unsupported_in_version(statement: StatementSubject) -> Hits:
    """`${aws:username}` in a policy of version 2008-10-17, or of none, is only that text.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if statement.policy.version != _WITHOUT_VARIABLES:
        return
    for variable in variables_in_place(statement):
        if variable.closed and is_variable(variable.inner):
            yield hit(
                f"The policy variable {quoted(variable.text)} is plain text in a policy of version "
                f'{_WITHOUT_VARIABLES}. Set "Version" to "{VERSION}".',
                variable.place,
            )
