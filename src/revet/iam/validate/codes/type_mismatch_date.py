"""Conditions on dates compare with dates."""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.dates import is_date, is_epoch
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.WARNING, subject=ConditionSubject)
def type_mismatch_date(condition: ConditionSubject) -> Hits:
    """A value that is no date of ISO 8601 and no number of seconds.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used = condition.operator
    if used is None or used.operator.kind is not Kind.DATE:
        return
    for value in condition.values:
        if not (is_date(text := value.text) or is_epoch(text) or "${" in text):
            yield hit(
                f"{quoted(text)} is no date. Write it as YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.",
                value.place,
            )
