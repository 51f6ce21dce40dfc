"""A policy has at least one statement."""

from __future__ import annotations

from revet.iam.document_json import JsonArray
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import place_of
from revet.iam.validate.subject import PolicySubject


@check(Level.ERROR, subject=PolicySubject)
def missing_statement(policy: PolicySubject) -> Hits:
    """No element `Statement`, or an empty list; AWS documents only the first.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    member = policy.members.get("Statement")
    if member is None:
        yield hit("The policy has no statement. Add the element Statement.", policy.place)
    elif isinstance(member.value, JsonArray) and not member.value.items:
        yield hit(
            "The policy has no statement. Add one to the list.",
            place_of((("value", "Statement"),), member.value),
        )
