"""A condition key is a prefix and a name with a colon between."""

from __future__ import annotations

from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.condition_keys import is_well_formed
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.ERROR, subject=ConditionSubject)
def invalid_condition_key_format(condition: ConditionSubject) -> Hits:
    """No colon, nothing on one side of it, or a space in the prefix.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if condition.reference is not None or is_well_formed(condition.key):
        return
    if not has_symbol(condition.key):
        yield hit(
            f"The condition key {quoted(condition.key)} is not written as service:keyname.",
            condition.key_place,
        )
