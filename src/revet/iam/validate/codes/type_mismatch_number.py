"""Conditions on numbers compare with numbers."""

from __future__ import annotations

import re

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")


@check(Level.WARNING, subject=ConditionSubject, needs="numeric")
def type_mismatch_number(condition: ConditionSubject) -> Hits:
    """A value that is no number.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used = condition.operator
    if used is None or used.operator.kind is not Kind.NUMERIC:
        return
    for value in condition.values:
        if _NUMBER.match(value.text) is None and "${" not in value.text:
            yield hit(
                f"{quoted(value.text)} is no number, as {used.operator.name} needs it.",
                value.place,
            )
