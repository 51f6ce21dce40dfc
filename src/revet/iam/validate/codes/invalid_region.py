"""Conditions on Regions name Regions that exist."""

from __future__ import annotations

from revet.iam.globs import Glob
from revet.iam.operators import Kind, Relation
from revet.iam.reference import all_regions, regions, similar
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

_KEYS = frozenset(
    {
        "aws:requestedregion",
        "account:targetregion",
        "cloudformation:targetregion",
        "ec2:region",
        "kms:primaryregion",
        "kms:replicaregion",
        "secretsmanager:addreplicaregions",
    }
)
"""Keys that hold the name of a Region. Source: Service Authorization Reference."""


@check(Level.ERROR, subject=ConditionSubject, needs="region")
def invalid_region(condition: ConditionSubject) -> Hits:
    """A value that is no Region, or a pattern that no Region fits.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used = condition.operator
    if condition.lower not in _KEYS or used is None or used.operator.kind is not Kind.STRING:
        return
    like = used.operator.relation is Relation.LIKE
    for value in condition.values:
        text = value.text
        if text in regions() or "${" in text:
            continue
        if used.operator.relation is Relation.EQUALS_IGNORE_CASE and text.lower() in regions():
            continue
        if like and ("*" in text or "?" in text) and _fits_some(text):
            continue
        near = similar(text, all_regions())
        advice = f" Did you mean {near}?" if near else " Use the name of a Region."
        yield hit(f"{quoted(text)} is no Region.{advice}", value.place)


def _fits_some(pattern: str) -> bool:
    glob = Glob.parse(pattern)
    return any(glob.matches(region) for region in regions())
