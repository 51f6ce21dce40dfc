"""One bound says it all."""

from __future__ import annotations

from revet.iam.operators import Kind, Relation
from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

_KEPT = {
    Relation.LESS: "greatest",
    Relation.LESS_EQUALS: "greatest",
    Relation.GREATER: "least",
    Relation.GREATER_EQUALS: "least",
}


@check(Level.SUGGESTION, subject=ConditionSubject, needs="numeric")
def redundant_condition_value_num(condition: ConditionSubject) -> Hits:
    """Several values for an operator that asks for less or more.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used = condition.operator
    if used is None or used.operator.kind is not Kind.NUMERIC:
        return
    kept = _KEPT.get(used.operator.relation)
    values = condition.values
    if kept is None or len(values) <= 1 or any(has_symbol(value.text) for value in values):
        return
    yield hit(
        f"Of several values for {quoted(condition.key)} under {used.operator.name} only the "
        f"{kept} counts. Keep that one.",
        *(value.place for value in values),
    )
