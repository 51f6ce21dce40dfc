"""A key with several values needs a set operator."""

from __future__ import annotations

from revet.iam.operators import Kind, Qualifier
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.ERROR, subject=ConditionSubject)
def missing_qualifier(condition: ConditionSubject) -> Hits:
    """A multivalued key without `ForAllValues` and `ForAnyValue`; `Null` needs none.

    Rests on AWS's page of checks and on 1 of its answers on its own policies.
    """
    used = condition.operator
    if (
        used is not None
        and used.qualifier is Qualifier.NONE
        and used.operator.kind is not Kind.NULL
        and condition.reference is not None
        and condition.reference.multivalued
    ):
        yield hit(
            f"A request can carry several values of {quoted(condition.key)}. Write "
            f"ForAnyValue:{used.operator.name} or ForAllValues:{used.operator.name}.",
            condition.key_place,
        )
