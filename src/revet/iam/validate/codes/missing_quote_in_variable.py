"""The default value of a policy variable stands between single quotes."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject
from revet.iam.validate.variables import variables_in_use


@check(Level.ERROR, subject=StatementSubject, needs="${")
def missing_quote_in_variable(statement: StatementSubject) -> Hits:
    """`${aws:username, anonymous}`, or with a quote on one side only.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for variable in variables_in_use(statement):
        if variable.closed and not variable.default_is_quoted:
            yield hit(
                f"The default value in the policy variable {quoted(variable.text)} lacks a quote. "
                "Put it between two single quotes.",
                variable.place,
            )
