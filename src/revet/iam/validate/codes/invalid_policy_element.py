"""Policies and statements have only the elements that the policy language knows."""

from __future__ import annotations

from revet.iam.document import ELEMENTS, STATEMENT_ELEMENTS
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import place_of_key
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import PolicySubject


@check(Level.ERROR, subject=PolicySubject)
def invalid_policy_element(policy: PolicySubject) -> Hits:
    """Names are compared with their case: `action` is no element.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for member in policy.root.members:
        if member.name not in ELEMENTS:
            yield hit(
                f"A policy has no element {quoted(member.name)}. Use {', '.join(ELEMENTS)}.",
                place_of_key((), member),
            )
    for statement in policy.statements:
        for member in statement.node.members:
            if member.name not in STATEMENT_ELEMENTS:
                yield hit(
                    f"A statement has no element {quoted(member.name)}. Remove it, or correct its "
                    "spelling and case.",
                    place_of_key(statement.path, member),
                )
