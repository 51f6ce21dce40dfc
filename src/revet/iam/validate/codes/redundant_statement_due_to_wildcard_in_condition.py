"""A condition that never holds makes the statement dead."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.presence import Presence, presence
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

_MEANING = Presence(when_absent=False, when_present=False)


@check(Level.SUGGESTION, subject=ConditionSubject, needs='"*')
def redundant_statement_due_to_wildcard_in_condition(condition: ConditionSubject) -> Hits:
    """It holds neither with the key nor without it, because everything is excluded.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if presence(condition) == _MEANING:
        yield hit(
            f"{quoted(condition.key)} under {condition.operator_text} with * never holds, so the "
            "statement does nothing. Remove the key or the statement.",
            condition.value_place,
        )
