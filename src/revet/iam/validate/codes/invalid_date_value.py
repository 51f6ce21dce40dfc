"""Dates are written as dates."""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.dates import is_epoch
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.WARNING, subject=ConditionSubject)
def invalid_date_value(condition: ConditionSubject) -> Hits:
    """Seconds since 1970, which a year alone is taken for as well.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used = condition.operator
    if used is None or used.operator.kind is not Kind.DATE:
        return
    for value in condition.values:
        if is_epoch(value.text):
            yield hit(
                f"{quoted(value.text)} counts as seconds since 1970 and may not be the date "
                "that you mean. Write it as YYYY-MM-DD.",
                value.place,
            )
