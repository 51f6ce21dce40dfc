"""Conditions on the tags of a resource, and actions whose requests do not carry them.

Sources: IAM User Guide, "AWS global condition context keys" (`aws:ResourceTag`) and "Condition
operators" (missing keys). Observed in Access Analyzer's findings: an action that can tag what it
creates counts as one that carries the tags, and each service has a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.operators import Qualifier, Relation
from revet.iam.reference import carries_resource_tag
from revet.iam.validate.subject import ActionSubject, ConditionSubject, StatementSubject

_KEY = "aws:resourcetag/"


def demands_tag(condition: ConditionSubject) -> bool:
    """Whether a condition is on a tag of the resource and fails when the request carries none."""
    if not condition.lower.startswith(_KEY):
        return False
    used = condition.operator
    return (
        used is not None
        and used.operator.relation is not Relation.ABSENT
        and not used.operator.negated
        and not used.if_exists
        and used.qualifier is not Qualifier.FOR_ALL_VALUES
    )


def tag_demands(statement: StatementSubject) -> Iterator[ConditionSubject]:
    """The conditions of a statement that demand a tag of the resource; see `demands_tag`."""
    return filter(demands_tag, statement.conditions)


def untagged(statement: StatementSubject) -> dict[str, list[ActionSubject]]:
    """The entries of `Action` whose requests never carry tags of the resource, by service.

    An entry with wildcards is among them when that holds for all that it covers; one that covers
    every service is not.
    """
    found: dict[str, list[ActionSubject]] = {}
    for action in statement.actions:
        if action.negated or action.service is None or action.service.retired:
            continue
        if action.matches and not any(map(carries_resource_tag, action.matches)):
            found.setdefault(action.service.prefix, []).append(action)
    return found
