"""Where a value decides who gets in, wildcards are kept short of matching anybody."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.reach import Sign, reach_of, too_wide
from revet.iam.validate.subject import ConditionSubject


@check(Level.ERROR, subject=ConditionSubject)
def wildcard_usage_too_permissive(condition: ConditionSubject) -> Hits:
    """In a sensitive key, too early in a subject claim, or before the colon of `aws:userid`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    reach = reach_of(condition)
    if reach is None:
        return
    for value in condition.values:
        problem = too_wide(value.text, reach, condition, Sign.WILDCARD)
        if problem:
            yield hit(
                f"A wildcard in {quoted(value.text)} lets too much through: {problem}",
                value.place,
            )
