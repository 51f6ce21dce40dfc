"""Policy variables are replaced by operators for strings and ARNs only."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject
from revet.iam.validate.variables import VERSION, variables_of


@check(Level.ERROR, subject=ConditionSubject, needs="${")
def invalid_variable_for_operator(condition: ConditionSubject) -> Hits:
    """A variable among the values of a numeric, date, Boolean, binary, IP address or `Null` one.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used = condition.operator
    if used is None or used.operator.takes_variables:
        return
    if condition.statement.policy.version != VERSION:
        return
    for value in condition.values:
        for variable in variables_of(value):
            if variable.closed and not variable.is_empty:
                yield hit(
                    f"The operator {quoted(condition.operator_text)} does not replace policy "
                    f"variables such as {quoted(variable.text)}. Use an operator for strings or "
                    "ARNs, or write the value itself.",
                    value.place,
                )
                break
