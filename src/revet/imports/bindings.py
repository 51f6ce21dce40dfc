"""The names that a source imports from CDK Terrain, and what its other names mean."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from revet.imports.scopes import Scope, Scopes, read_scopes
from revet.imports.source import Source
from revet.imports.translate import Parts, Translation, translate

STAR = "*"


@dataclass(eq=False, slots=True)
class Bound:
    """One name that an import statement brings.

    Args:
        statement: the import.
        alias: the part of it.
        scope: where it binds.
        imported: the dotted name that the statement asks for.
        translation: what that should be.
        local: the name in the source; `*` for all names of a module.
        written: the dotted name that `local` means: of `import a.b` that is `a`.
        right: the right one for `written`; None when nothing certain can be said.
    """

    statement: ast.Import | ast.ImportFrom
    alias: ast.alias
    scope: Scope
    imported: Parts
    translation: Translation
    local: str
    written: Parts
    right: Parts | None


@dataclass(eq=False, slots=True)
class Names:
    """What a source imports from CDK Terrain.

    Args:
        scopes: of the source.
        bounds: in the order of the source.
        generated: whether `imports` holds current packages generated for this source.
        by_scope: (scope, local name) to what binds it.
        values: target of a plain assignment to its value.
        calls: what is called to the calls of it.
    """

    scopes: Scopes
    bounds: list[Bound]
    generated: bool
    by_scope: dict[tuple[Scope, str], list[Bound]] = field(default_factory=dict)
    values: dict[ast.AST, ast.expr] = field(default_factory=dict)
    calls: dict[ast.AST, list[ast.Call]] = field(default_factory=dict)

    def meant(self, name: ast.Name) -> Bound | None:
        """The import that a name comes from; None when it may be something else."""
        scope = self.scopes.resolve(name)
        found = self.by_scope.get((scope, name.id), []) if scope else []
        same = {item.right or item.written for item in found}
        if scope is None or len(same) != 1 or len(found) != len(scope.bound[name.id]):
            return None
        return found[0]

    def chain(self, node: ast.AST) -> tuple[Bound, list[ast.Attribute]] | None:
        """The import at the root of `a.b.c`, and its attributes from the left.

        Args:
            node: a name or an attribute.
        """
        attributes: list[ast.Attribute] = []
        while isinstance(node, ast.Attribute):
            attributes.insert(0, node)
            node = node.value
        bound = self.meant(node) if isinstance(node, ast.Name) else None
        return (bound, attributes) if bound else None

    def assigned(self, name: ast.Name) -> ast.expr | None:
        """The value of a name that is assigned once; None for every other name."""
        scope = self.scopes.resolve(name)
        nodes = scope.bound.get(name.id, []) if scope else []
        return self.values.get(nodes[0]) if len(nodes) == 1 else None

    def translated(self, node: ast.AST) -> Translation | None:
        """What a name or attribute of the source should be called in full, when it is of ours."""
        found = self.chain(node)
        if found is None:
            return None
        bound, attributes = found
        parts = (*bound.written, *(item.attr for item in attributes))
        placed = _placed(self.calls.get(node, ()))
        return translate(parts, generated=self.generated, placed=placed)


def read_names(source: Source, *, generated: bool) -> Names:
    """Find the imports of CDK Terrain.

    Args:
        source: a parsed file.
        generated: whether `imports.NAME` is a current package generated for this source.
    """
    scopes = read_scopes(source.tree)
    calls = _calls(source.nodes)
    of_name: dict[tuple[Scope | None, str], list[ast.Call]] = defaultdict(list)
    for node, found in calls.items():
        if isinstance(node, ast.Name):
            of_name[scopes.resolve(node), node.id] += found
    bounds = []
    for statement in source.nodes:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            for alias in statement.names:
                called = of_name[scopes.of_node[alias], alias.asname or alias.name]
                bound = _bound(statement, alias, scopes, called, generated=generated)
                bounds += [bound] if bound else []
    by_scope: dict[tuple[Scope, str], list[Bound]] = defaultdict(list)
    for bound in bounds:
        by_scope[bound.scope, bound.local].append(bound)
    return Names(scopes, bounds, generated, dict(by_scope), _values(source.nodes), calls)


def _calls(nodes: Iterable[ast.AST]) -> dict[ast.AST, list[ast.Call]]:
    found: dict[ast.AST, list[ast.Call]] = {}
    for node in nodes:
        if isinstance(node, ast.Call):
            found.setdefault(node.func, []).append(node)
    return found


def _placed(calls: Collection[ast.Call]) -> bool | None:
    """Whether all calls have arguments by position; None when they differ, or there are none."""
    kinds = {bool(call.args) for call in calls}
    return kinds.pop() if len(kinds) == 1 else None


def _values(nodes: Iterable[ast.AST]) -> dict[ast.AST, ast.expr]:
    found: dict[ast.AST, ast.expr] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            found[node.targets[0]] = node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            found[node.target] = node.value
    return found


def _bound(
    statement: ast.Import | ast.ImportFrom,
    alias: ast.alias,
    scopes: Scopes,
    called: list[ast.Call],
    *,
    generated: bool,
) -> Bound | None:
    if isinstance(statement, ast.ImportFrom):
        if statement.level or statement.module is None:
            return None
        base = tuple(statement.module.split("."))
        imported = base if alias.name == STAR else (*base, alias.name)
    else:
        imported = tuple(alias.name.split("."))
    translation = translate(imported, generated=generated, placed=_placed(called))
    if translation is None:
        return None
    scope = scopes.of_node[alias]
    right = translation.right if translation.certain else None
    written, local = imported, alias.asname or alias.name
    if isinstance(statement, ast.Import) and alias.asname is None:
        local, written = imported[0], imported[:1]
        of_root = translate(written, generated=generated)
        right = of_root.right if of_root and of_root.certain else None
    return Bound(statement, alias, scope, imported, translation, local, written, right)
