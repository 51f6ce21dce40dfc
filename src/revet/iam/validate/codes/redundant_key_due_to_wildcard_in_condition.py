"""A condition that always holds says nothing."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.presence import Presence, presence
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

_MEANING = Presence(when_absent=True, when_present=True)


@check(Level.SUGGESTION, subject=ConditionSubject, needs='"*')
def redundant_key_due_to_wildcard_in_condition(condition: ConditionSubject) -> Hits:
    """It holds with the key and without it, because a value matches everything.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if presence(condition) == _MEANING:
        yield hit(
            f"{quoted(condition.key)} under {condition.operator_text} with * always holds. "
            "Remove it.",
            condition.value_place,
        )
