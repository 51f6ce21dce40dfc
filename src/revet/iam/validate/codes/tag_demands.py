"""Conditions on the tags of a resource, and actions whose requests do not carry them.

Sources: IAM User Guide, "AWS global condition context keys" (`aws:ResourceTag`) and "Condition
operators" (missing keys). Observed in Access Analyzer's findings: an action that can tag what it
creates counts as one that carries the tags, and each service has a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.operators import Qualifier, Relation
from revet.iam.reference.support import carries_resource_tag
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.written import WrittenAction, WrittenCondition, WrittenStatement

_KEY = "aws:resourcetag/"
_SOURCE = "AWS global condition context keys: aws:ResourceTag"


def _demands_tag(condition: WrittenCondition) -> bool:
    """Whether a condition is on a tag of the resource and fails when the request carries none."""
    if not condition.lower.startswith(_KEY):
        return False
    used = condition.operator
    return (
        used is not None
        and used.relation is not Relation.ABSENT
        and not used.negated
        and not used.if_exists
        and used.qualifier is not Qualifier.FOR_ALL_VALUES
    )


def _tag_demands(statement: WrittenStatement) -> Iterator[WrittenCondition]:
    """The conditions of a statement that demand a tag of the resource; see `_demands_tag`."""
    return filter(_demands_tag, statement.conditions)


def _untagged(statement: WrittenStatement) -> dict[str, list[WrittenAction]]:
    """The entries of `Action` whose requests never carry tags of the resource, by service.

    An entry with wildcards is among them when that holds for all that it covers; one that covers
    every service is not.
    """
    found: dict[str, list[WrittenAction]] = {}
    for action in statement.actions:
        if action.negated or action.known.service is None or action.known.service.retired:
            continue
        if action.matches and not any(map(carries_resource_tag, action.matches)):
            found.setdefault(action.known.service.prefix, []).append(action)
    return found


def _untagged_actions(statement: WrittenStatement, advice: str) -> Hits:
    """`aws:ResourceTag` beside actions that do not carry it; one finding for each service."""
    for condition in _tag_demands(statement):
        for service, actions in _untagged(statement).items():
            yield hit(
                f"Requests for these actions of {quoted(service)} do not carry "
                f"{quoted(condition.key)}, so this {advice} in a statement "
                "without the key, on the resources that you mean.",
                *(action.place for action in actions),
                condition.key_place,
            )


def _untagged_rest(statement: WrittenStatement, lost: str) -> Hits:
    """`NotAction` and `aws:ResourceTag`; one finding for each condition."""
    if "NotAction" not in statement.elements:
        return
    for condition in _tag_demands(statement):
        yield hit(
            f"Many of the actions that NotAction leaves do not carry {quoted(condition.key)}; "
            f"those are not {lost}. Name the actions that you mean in Action.",
            statement.elements["NotAction"].place,
            condition.key_place,
        )


@check(Level.SUGGESTION, source=_SOURCE, answers=2, needs="resourcetag")
def allow_with_unsupported_tag_condition_key_for_service(statement: WrittenStatement) -> Hits:
    """An `Allow` that demands a tag grants nothing for requests that carry none.

    Both of AWS's answers of this kind are on one of its policies.
    """
    if statement.allows:
        yield from _untagged_actions(statement, "allows none of them. Allow them")


@check(Level.SECURITY_WARNING, source=_SOURCE, needs="resourcetag")
def deny_with_unsupported_tag_condition_key_for_service(statement: WrittenStatement) -> Hits:
    """A `Deny` that asks for a tag denies nothing for requests that carry none."""
    if statement.denies:
        yield from _untagged_actions(statement, "denies none of them. Deny them")


@check(Level.SUGGESTION, source=_SOURCE, needs="notaction")
def allow_notaction_with_unsupported_tag_condition_key_for_service(
    statement: WrittenStatement,
) -> Hits:
    """`NotAction` allows actions whose requests carry no tags, but a condition asks for one."""
    if statement.allows:
        yield from _untagged_rest(statement, "allowed")


@check(Level.SECURITY_WARNING, source=_SOURCE, needs="notaction")
def deny_notaction_with_unsupported_tag_condition_key_for_service(
    statement: WrittenStatement,
) -> Hits:
    """`NotAction` denies actions whose requests carry no tags, but a condition asks for one."""
    if statement.denies:
        yield from _untagged_rest(statement, "denied")
