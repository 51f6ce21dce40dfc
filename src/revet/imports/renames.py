"""A local name under another one: where that is safe, and where it is used."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator

from revet.imports.bindings import STAR, Bound, Names
from revet.imports.source import Edit, Source


def is_safe(
    source: Source, names: Names, bound: Bound, new: str, *, exported: frozenset[str]
) -> bool:
    """Whether every use of a local name can be renamed without touching anything else.

    Where it is not, the import keeps the name with `as`.

    Args:
        source: where it is.
        names: of the source.
        bound: the import that brings the name.
        new: the name that it should have.
        exported: names that other sources import from somewhere, perhaps from here.
    """
    old = bound.local
    others = names.by_scope[bound.scope, old]
    return (
        old != STAR
        and old not in exported
        and not source.name.endswith("__init__.py")
        and len(others) == len(bound.scope.bound[old])
        and {item.right for item in others} == {bound.right}
        and all(item.alias.asname is None for item in others)
        and not _is_led_out(source, old)
        and not _is_quoted(source, old)
        and _is_free(names, bound, new)
        and len(rename_edits(source, names, bound, new)) == len(list(_uses(source, names, bound)))
    )


def rename_edits(source: Source, names: Names, bound: Bound, new: str) -> list[Edit]:
    """Replace every use of a local name.

    Args:
        source: where it is.
        names: of the source.
        bound: the import that brings the name.
        new: the name to write.
    """
    found = (source.replaced(node, node.id, new) for node in _uses(source, names, bound))
    return [edit for edit in found if edit]


def _uses(source: Source, names: Names, bound: Bound) -> Iterator[ast.Name]:
    for node in source.nodes:
        if (
            isinstance(node, ast.Name)
            and node.id == bound.local
            and names.scopes.resolve(node) is bound.scope
        ):
            yield node


def _is_led_out(source: Source, old: str) -> bool:
    return any(
        isinstance(node, ast.Global | ast.Nonlocal) and old in node.names for node in source.nodes
    )


def _is_free(names: Names, bound: Bound, new: str) -> bool:
    if hasattr(builtins, new):
        return False
    scopes = names.scopes.all
    if not any(new in scope.bound or new in scope.foreign for scope in scopes):
        return True
    same = names.by_scope.get((bound.scope, new), [])
    bindings = sum(len(scope.bound.get(new, ())) for scope in scopes)
    return len(same) == bindings and {item.right for item in same} == {bound.right}


def _is_quoted(source: Source, old: str) -> bool:
    """Whether a string that names things has the old name: `__all__`, or a quoted annotation."""
    word = re.compile(rf"\b{re.escape(old)}\b")
    return any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) and word.search(part.value)
        for root in _naming(source.nodes)
        for part in ast.walk(root)
    )


def _naming(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    for node in nodes:
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            yield node.returns
        elif isinstance(node, ast.Assign | ast.AugAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(item, ast.Name) and item.id == "__all__" for item in targets):
                yield node.value
        elif isinstance(node, ast.Call) and _is_cast(node.func):
            yield from node.args
        elif isinstance(node, ast.Subscript):
            yield node.slice


def _is_cast(node: ast.AST) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name in {"cast", "TypeVar", "NewType", "getattr", "globals"}
