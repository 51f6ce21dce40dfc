"""An `Allow` that rests on `ForAllValues` alone, which holds for a request without the key.

`ForAllValues:StringEquals aws:TagKeys [...]` allows a request that sets no tag at all.
"""

from __future__ import annotations

from revet.iam.operators import Kind, Qualifier
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import FALSE, is_kind, values_of, with_key
from revet.iam.validate.policy_type import WITH_PRINCIPAL
from revet.iam.validate.subject import ConditionSubject


@check(
    Level.SECURITY_WARNING,
    subject=ConditionSubject,
    types=WITH_PRINCIPAL,
    source="IAM User Guide, Set operators for multivalued context keys",
    needs="forallvalues",
)
def forallvalues_holds_without_the_key(condition: ConditionSubject) -> Hits:
    """`ForAllValues` in an `Allow` for every principal, without `Null` `false` for the key."""
    used = condition.operator
    statement = condition.statement
    if (
        used is None
        or used.qualifier is not Qualifier.FOR_ALL_VALUES
        or not statement.allows
        or used.operator.negated
        or condition.reference is None
        or not condition.reference.multivalued
        or not any(item.text == "*" for item in statement.principals)
    ):
        return
    for other in with_key(statement, condition.lower):
        if is_kind(other, Kind.NULL) and values_of(other) == FALSE:
            return
    yield hit(
        f"ForAllValues also holds for a request without {condition.key}, and anyone may send one. "
        f"Add Null {condition.key} false.",
        condition.key_place,
    )
