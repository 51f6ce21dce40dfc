"""A condition with `ForAllValues` has values to compare with."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.empty_conditions import EmptyCondition, empty_condition
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.SUGGESTION, subject=ConditionSubject, needs="forallvalues")
def empty_array_condition_forallvalues(condition: ConditionSubject) -> Hits:
    """`[]`: it holds for requests without the key and for no others.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if empty_condition(condition) is EmptyCondition.FOR_ALL_VALUES:
        yield hit(
            "ForAllValues without values holds only when the request has no "
            f"{quoted(condition.key)}. Say that with the operator Null and true.",
            condition.value_place,
        )
