"""What an expression refers to, as Terraform lists it in a plan's configuration.

Terraform lists each reference with all that it begins with: `aws_s3_bucket.b.arn`, then
`aws_s3_bucket.b`. Source: Terraform, "JSON output format" (`references`); compared with plans of
Terraform 1.11.4 in `tests/plan/source`.
"""

from __future__ import annotations

import json

from revet.model.work import spend
from revet.plan.source.syntax import (
    ITEM,
    Constant,
    Element,
    For,
    Member,
    Name,
    Splat,
    Syntax,
    parts_of,
)

_NO_NAMES: frozenset[str] = frozenset((ITEM,))
_WORDS = {"data": 3, "ephemeral": 3, "module": 2}
_MOST = 100_000


def listed(syntax: Syntax) -> frozenset[str]:
    """The references of an expression, each with what it begins with.

    Args:
        syntax: of an argument.
    """
    if isinstance(syntax, Constant):
        return frozenset()
    found: set[str] = set()
    waiting: list[tuple[Syntax, frozenset[str]]] = [(syntax, _NO_NAMES)]
    steps = 0
    while waiting and steps < _MOST:
        spend()
        steps += 1
        item, names = waiting.pop()
        match item:
            case Name() | Member() | Element():
                waiting.extend((inner, names) for inner in _reference(item, names, found))
            case For(key, own, each):
                inside = names | {key, own}
                parts = (item.name, item.value, item.condition)
                waiting.append((each, names))
                waiting.extend((part, inside) for part in parts if part is not None)
            case Splat(source, body):
                waiting.extend(((source, names), (body, names)))
            case _:
                waiting.extend((part, names) for part in parts_of(item))
    return frozenset(found)


def _reference(syntax: Syntax, names: frozenset[str], found: set[str]) -> list[Syntax]:
    """Add one reference; what stands in its brackets is left to be looked at."""
    steps: list[str | Syntax] = []
    source = syntax
    while isinstance(source, (Member, Element)):
        steps.append(source.name if isinstance(source, Member) else source.key)
        source = source.source
    steps.reverse()
    inner: list[Syntax] = [step for step in steps if not isinstance(step, (str, Constant))]
    if not isinstance(source, Name):
        return [source, *inner]
    if source.name in names:
        return inner
    fixed: list[str] = []
    for step in steps:
        if isinstance(step, str):
            fixed.append(f".{step}")
        elif isinstance(step, Constant):
            fixed.append(f"[{_key(step.value)}]")
        else:
            break  # what is behind an index that is computed is not listed
    _add(source.name, fixed, found)
    return inner


def _add(first: str, steps: list[str], found: set[str]) -> None:
    own = _WORDS.get(first, 2) - 1
    subject = first + "".join(steps[:own])
    rest = steps[own:]
    is_object = first not in ("var", "local", "each", "count", "path", "terraform", "self")
    if is_object and rest and rest[0].startswith("["):
        if first != "module" or len(rest) == 1:
            found.add(subject)
        subject, rest = subject + rest[0], rest[1:]
    if first == "module" and rest:
        found.add(subject)
        subject, rest = subject + rest[0], rest[1:]
    found.add(subject)
    for step in rest:
        subject += step
        found.add(subject)


def _key(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
