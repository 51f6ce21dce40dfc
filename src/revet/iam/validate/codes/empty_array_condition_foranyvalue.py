"""A condition with `ForAnyValue` has values to compare with."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.empty_conditions import EmptyCondition, empty_condition
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.SUGGESTION, subject=ConditionSubject, needs="foranyvalue")
def empty_array_condition_foranyvalue(condition: ConditionSubject) -> Hits:
    """`[]`: it holds for no request.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if empty_condition(condition) is EmptyCondition.FOR_ANY_VALUE:
        yield hit(
            f"ForAnyValue without values for {quoted(condition.key)} never holds, so that the "
            "statement has no effect. Add values.",
            condition.value_place,
        )
