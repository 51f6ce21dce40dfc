"""A condition on a tag names the tag."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.condition_keys import tag_template
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.ERROR, subject=ConditionSubject)
def missing_tag_key_in_condition(condition: ConditionSubject) -> Hits:
    """`aws:ResourceTag` and its like without `/` and a tag key.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    template = tag_template(condition)
    if template is not None:
        yield hit(
            f"The condition key {quoted(condition.key)} does not say which tag. "
            f"Write {template.rpartition('/')[0]}/ and the tag's key.",
            condition.key_place,
        )
