"""Excluding everything only asks that the key be missing."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.presence import Presence, presence
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

_MEANING = Presence(when_absent=True, when_present=False)


@check(Level.SUGGESTION, subject=ConditionSubject, needs='"*')
def equivalent_to_null_true(condition: ConditionSubject) -> Hits:
    """The condition holds exactly when the key is missing.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if presence(condition) == _MEANING:
        yield hit(
            f"{quoted(condition.key)} under {condition.operator_text} with * only asks that the "
            "key be missing. Say so: Null with the value true.",
            condition.value_place,
        )
