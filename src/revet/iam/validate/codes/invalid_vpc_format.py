"""`aws:SourceVpc` holds the id of a VPC."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject
from revet.iam.validate.vpc_ids import compares_texts, is_id


@check(Level.ERROR, subject=ConditionSubject, needs="aws:sourcevpc")
def invalid_vpc_format(condition: ConditionSubject) -> Hits:
    """A value that is no such id; wildcards and variables have codes of their own.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if condition.lower != "aws:sourcevpc" or not compares_texts(condition):
        return
    for value in condition.values:
        if not is_id(value.text, "vpc-", condition):
            yield hit(
                f"{quoted(value.text)} is no id of a VPC. "
                "Write vpc- and 8 or 17 letters and digits.",
                value.place,
            )
