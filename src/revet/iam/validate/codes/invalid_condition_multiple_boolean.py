"""A boolean condition has one value."""

from __future__ import annotations

from revet.iam.operators import Kind, Qualifier
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.ERROR, subject=ConditionSubject, needs="bool")
def invalid_condition_multiple_boolean(condition: ConditionSubject) -> Hits:
    """Several values for `Bool` on a key that a request carries once.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used = condition.operator
    if used is None or used.operator.kind is not Kind.BOOL or len(condition.values) <= 1:
        return
    reference = condition.reference
    if used.qualifier is Qualifier.NONE or reference is None or not reference.multivalued:
        yield hit(
            f"The condition key {quoted(condition.key)} takes one boolean. "
            "Several of them match always or as nobody expects: keep true or false.",
            condition.value_place,
        )
