"""The values of a condition have one JSON type."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.ERROR, subject=ConditionSubject)
def invalid_condition_data_type(condition: ConditionSubject) -> Hits:
    """Texts, numbers and booleans mixed under one key.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    values = condition.values
    if len(values) > 1:
        kinds = {_kind(value.node.value) for value in values}
        if len(kinds) > 1:
            yield hit(
                f"The values of the condition key {quoted(condition.key)} mix "
                f"{' and '.join(sorted(kinds))}. Write all of them as one JSON type.",
                condition.value_place,
            )


def _kind(value: object) -> str:
    if isinstance(value, str):
        return "texts"
    return "booleans" if isinstance(value, bool) else "numbers"
