"""Keys with the prefix `aws:` are keys of AWS."""

from __future__ import annotations

from revet.iam.reference import global_condition_keys, similar
from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.condition_keys import DEPRECATED, is_well_formed, prefix_of, tag_template
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

_STILL_SENT = frozenset({"aws:sourceowner"})
"""Source: Amazon SNS Developer Guide, "Example cases for access control": kept for old policies."""


@check(Level.ERROR, subject=ConditionSubject)
def invalid_global_condition_key(condition: ConditionSubject) -> Hits:
    """No such global key; `aws:ARN` and keys without their tag key have codes of their own.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if (
        condition.reference is not None
        or prefix_of(condition.lower) != "aws"
        or condition.lower == DEPRECATED
        or condition.lower in _STILL_SENT
        or not is_well_formed(condition.key)
        or tag_template(condition) is not None
        or has_symbol(condition.key)
    ):
        return
    near = similar(condition.key, (key.name for key in global_condition_keys().values()))
    advice = f"Did you mean {near}?" if near else "Use a global condition key of AWS."
    yield hit(
        f"The global condition key {quoted(condition.key)} does not exist. {advice}",
        condition.key_place,
    )
