"""Boolean conditions compare with true or false."""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

_VALUES = ("true", "false")


@check(Level.WARNING, subject=ConditionSubject)
def type_mismatch_boolean(condition: ConditionSubject) -> Hits:
    """Another value for `Bool` or `Null`; case does not count.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used = condition.operator
    if used is None or used.operator.kind not in (Kind.BOOL, Kind.NULL):
        return
    for value in condition.values:
        if value.text.lower() not in _VALUES and "${" not in value.text:
            yield hit(
                f"{quoted(value.text)} is neither true nor false, as "
                f"{used.operator.name} needs it.",
                value.place,
            )
