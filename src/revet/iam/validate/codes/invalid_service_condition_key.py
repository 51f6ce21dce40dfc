"""Keys with the prefix of a service are keys of that service."""

from __future__ import annotations

from revet.iam.reference import service, similar
from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.condition_keys import is_well_formed, prefix_of, tag_template
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.ERROR, subject=ConditionSubject)
def invalid_service_condition_key(condition: ConditionSubject) -> Hits:
    """The service exists, the key does not; what keys a retired service had is not known.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if condition.reference is not None or not is_well_formed(condition.key):
        return
    owner = service(prefix_of(condition.lower))
    if (
        owner is None
        or owner.retired
        or tag_template(condition) is not None
        or has_symbol(condition.key)
    ):
        return
    near = similar(condition.key, (key.name for key in owner.condition_keys.values()))
    advice = f"Did you mean {near}?" if near else "Use one of its own keys or a global one."
    yield hit(
        f"The service {owner.prefix} has no condition key {quoted(condition.key)}. {advice}",
        condition.key_place,
    )
