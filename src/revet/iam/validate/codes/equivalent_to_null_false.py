"""A value that matches everything only asks for the key."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.presence import Presence, presence
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

_MEANING = Presence(when_absent=False, when_present=True)


@check(Level.SUGGESTION, subject=ConditionSubject, needs='"*')
def equivalent_to_null_false(condition: ConditionSubject) -> Hits:
    """The condition holds exactly when the key is there."""
    if presence(condition) == _MEANING:
        yield hit(
            f"{quoted(condition.key)} under {condition.operator_text} with * only asks that the "
            "key be there. Say so: Null with the value false.",
            condition.value_place,
        )
