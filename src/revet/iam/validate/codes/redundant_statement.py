"""A statement that says what an earlier one says."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from revet.iam.document_json import JsonArray, JsonNode, JsonObject
from revet.iam.validate.finding import Hits, Level, check, hit
from revet.iam.validate.written import WrittenPolicy, WrittenStatement

_ACTIONS = ("Action", "NotAction")


@check(Level.SUGGESTION)
def redundant_statement(policy: WrittenPolicy) -> Hits:
    """Statements that are equal but for `Sid`, the order of lists and the case of actions."""
    if len(policy.statements) < 2:  # noqa: PLR2004 - one statement repeats no other
        return
    for alike in _grouped(policy.statements, _outline):
        for found in _grouped(alike, _meaning):
            yield hit(
                f"{len(found)} statements say the same. Keep one of them.",
                *(statement.place for statement in found),
            )


def _grouped(
    statements: Iterable[WrittenStatement], key: Callable[[WrittenStatement], Hashable]
) -> list[list[WrittenStatement]]:
    groups: dict[Hashable, list[WrittenStatement]] = {}
    for statement in statements:
        groups.setdefault(key(statement), []).append(statement)
    return [found for found in groups.values() if len(found) > 1]


def _outline(statement: WrittenStatement) -> Hashable:
    """Something cheap that is equal for equal statements."""
    texts = [action.text for action in statement.actions]
    return (statement.effect, min(map(str.lower, texts), default=""))


def _meaning(statement: WrittenStatement) -> Hashable:
    return frozenset(
        (
            member.name,
            _normal(member.value, ignore_case=member.name in _ACTIONS),
        )
        for member in statement.node.members
        if member.name != "Sid"
    )


def _normal(node: JsonNode, *, ignore_case: bool = False) -> Hashable:
    """A value such that lists compare as sets and a single value as a list of one."""
    if isinstance(node, JsonArray):
        return frozenset().union(*(_set(item, ignore_case=ignore_case) for item in node.items))
    return _set(node, ignore_case=ignore_case)


def _set(node: JsonNode, *, ignore_case: bool) -> frozenset[Hashable]:
    if isinstance(node, JsonObject):
        members = frozenset((member.name, _normal(member.value)) for member in node.members)
        return frozenset({members})
    if isinstance(node, JsonArray):
        return frozenset({_normal(node, ignore_case=ignore_case)})
    return frozenset({node.text.lower() if ignore_case else node.text})
