"""`ForAllValues` holds for requests without the key."""

from __future__ import annotations

from revet.iam.operators import Kind, Qualifier
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.condition_keys import is_claim
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.SECURITY_WARNING, subject=ConditionSubject, needs="forallvalues")
def forallvalues_with_single_valued_key(condition: ConditionSubject) -> Hits:
    """On a key that a request carries at most once; audience claims have codes of their own.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used, reference = condition.operator, condition.reference
    if (
        used is not None
        and used.qualifier is Qualifier.FOR_ALL_VALUES
        and used.operator.kind is not Kind.NULL
        and reference is not None
        and not reference.multivalued
        and not is_claim(condition)
    ):
        yield hit(
            f"{quoted(condition.key)} has one value, and ForAllValues also holds when it is "
            f"missing. Write {used.operator.name} without ForAllValues.",
            condition.value_place,
        )
