"""Wildcards need an operator with Like."""

from __future__ import annotations

import re

from revet.iam.operators import Kind, Relation
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

_VARIABLE = re.compile(r"\$\{[^}]*\}")


@check(Level.WARNING, subject=ConditionSubject)
def wildcard_without_like_operator(condition: ConditionSubject) -> Hits:
    """`*` or `?` in a value of `StringEquals` and its kin, where they are plain characters.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used = condition.operator
    if (
        used is None
        or used.operator.kind is not Kind.STRING
        or used.operator.relation is Relation.LIKE
    ):
        return
    for value in condition.values:
        if _has_wildcard(value.text):
            yield hit(
                f"{used.operator.name} takes * and ? in {quoted(value.text)} as plain characters. "
                "Use StringLike or StringNotLike if they are wildcards.",
                value.place,
            )


def _has_wildcard(text: str) -> bool:
    if "*" not in text and "?" not in text:
        return False
    outside = _VARIABLE.sub("", text)
    return "*" in outside or "?" in outside
