"""Writing policy documents."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from revet.iam.document_model import Condition, PolicyDocument, Principal, Statement


def render(document: PolicyDocument, *, indent: int | None = None) -> str:
    """Write a policy document as JSON; reading it again gives an equal one.

    Args:
        document: what to write; a single value is written without brackets.
        indent: spaces a level; `None` for one line.
    """
    tree = _Object()
    if document.version:
        tree.add("Version", document.version)
    if document.id:
        tree.add("Id", document.id)
    tree.add("Statement", [_statement(statement) for statement in document.statements])
    return _write(tree, indent, "\n")


@dataclass(slots=True)
class _Object:
    """An object to write; unlike a `dict` it can repeat a name."""

    members: list[tuple[str, Any]] = field(default_factory=list)

    def add(self, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        self.members.append((name, value))


def _one_or_list(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _statement(statement: Statement) -> _Object:
    tree = _Object()
    if statement.sid:
        tree.add("Sid", statement.sid)
    if statement.effect:
        tree.add("Effect", statement.effect)
    for name, principals in (
        ("Principal", statement.principals),
        ("NotPrincipal", statement.not_principals),
    ):
        if principals:
            tree.add(name, _principals(principals))
    for name, values in (
        ("Action", statement.actions),
        ("NotAction", statement.not_actions),
        ("Resource", statement.resources),
        ("NotResource", statement.not_resources),
    ):
        if values:
            tree.add(name, _one_or_list(values))
    if statement.conditions:
        tree.add("Condition", _conditions(statement.conditions))
    return tree


def _principals(principals: tuple[Principal, ...]) -> Any:  # noqa: ANN401 - any JSON value
    if all(p == Principal("*", "*") or not p.kind for p in principals):
        return _one_or_list(tuple(principal.value for principal in principals))
    grouped: dict[str, list[str]] = {}
    for principal in principals:
        grouped.setdefault(principal.kind, []).append(principal.value)
    tree = _Object()
    for kind, values in grouped.items():
        tree.add(kind, _one_or_list(tuple(values)))
    return tree


def _conditions(conditions: tuple[Condition, ...]) -> _Object:
    grouped: dict[str, _Object] = {}
    for condition in conditions:
        group = grouped.setdefault(condition.operator, _Object())
        group.add(condition.key, _one_or_list(condition.values))
    tree = _Object()
    for operator, group in grouped.items():
        tree.add(operator, group)
    return tree


def _write(value: Any, indent: int | None, newline: str) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return json.dumps(value)
    deeper = newline if indent is None else newline + " " * indent
    if isinstance(value, _Object):
        parts = [
            f"{json.dumps(name)}: {_write(item, indent, deeper)}" for name, item in value.members
        ]
        opening, closing = "{", "}"
    else:
        parts = [_write(item, indent, deeper) for item in value]
        opening, closing = "[", "]"
    if not parts or indent is None:
        return f"{opening}{', '.join(parts)}{closing}"
    return f"{opening}{deeper}{f',{deeper}'.join(parts)}{newline}{closing}"
