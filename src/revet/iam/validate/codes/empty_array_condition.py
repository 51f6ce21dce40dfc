"""A condition key has values to compare with."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.empty_conditions import EmptyCondition, empty_condition
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.SUGGESTION, subject=ConditionSubject)
def empty_array_condition(condition: ConditionSubject) -> Hits:
    """`[]` under an operator without qualifier and `IfExists`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if empty_condition(condition) is EmptyCondition.PLAIN:
        yield hit(
            f"The key {quoted(condition.key)} has no values to compare with. Add some, or remove "
            "it.",
            condition.value_place,
        )
