"""Which binding a name in a source means: those of Python's scopes that renaming needs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSION = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(eq=False, slots=True)
class Scope:
    """A module, class, function or comprehension.

    Args:
        parent: the scope around it; None for the module.
        is_class: names of a class body are not seen by the functions in it.
        is_comprehension: `:=` inside binds in the scope around it.
        bound: name to the nodes that bind it here.
        foreign: names that `global` or `nonlocal` lead out of here.
    """

    parent: Scope | None = None
    is_class: bool = False
    is_comprehension: bool = False
    bound: dict[str, list[ast.AST]] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)

    def bind(self, name: str, node: ast.AST) -> None:
        """Note that a node binds a name here."""
        self.bound.setdefault(name, []).append(node)


@dataclass(eq=False, slots=True)
class Scopes:
    """All scopes of a source.

    Args:
        module: the outermost.
        of_node: every `Name` and every import to its scope.
    """

    module: Scope
    of_node: dict[ast.AST, Scope]

    def resolve(self, name: ast.Name) -> Scope | None:
        """The scope that binds what a name means; None for a builtin or an unknown name."""
        start = self.of_node[name]
        scope: Scope | None = start
        while scope is not None:
            if name.id in scope.foreign:
                return self.module if name.id in self.module.bound else None
            if name.id in scope.bound and (scope is start or not scope.is_class):
                return scope
            scope = scope.parent
        return None

    @property
    def all(self) -> frozenset[Scope]:
        """Every scope."""
        return frozenset((self.module, *self.of_node.values()))


def read_scopes(tree: ast.Module) -> Scopes:
    """Find the scopes of a parsed source."""
    reader = _Reader()
    reader.visit(tree)
    return Scopes(reader.module, reader.of_node)


class _Reader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.module = Scope()
        self.scope = self.module
        self.of_node: dict[ast.AST, Scope] = {}

    def visit(self, node: ast.AST) -> None:
        self.of_node[node] = self.scope
        if isinstance(node, _FUNCTION):
            self.function(node)
        elif isinstance(node, _COMPREHENSION):
            self.comprehension(node)
        elif isinstance(node, ast.ClassDef):
            self.class_definition(node)
        else:
            self.binding(node)
            self.generic_visit(node)

    def binding(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            self.scope.bind(node.id, node)
        elif isinstance(node, ast.NamedExpr):
            around = self.scope
            while around.is_comprehension and around.parent is not None:
                around = around.parent
            around.bind(node.target.id, node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                plain = alias.name.split(".")[0] if isinstance(node, ast.Import) else alias.name
                self.scope.bind(alias.asname or plain, alias)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            self.scope.foreign.update(node.names)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self.scope.bind(node.rest, node)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            self.scope.bind(node.name, node)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        arguments = node.args
        self.all([*arguments.defaults, *(item for item in arguments.kw_defaults if item)])
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [item for item in (arguments.vararg, arguments.kwarg) if item]
        self.all(item.annotation for item in every if item.annotation)
        if not isinstance(node, ast.Lambda):
            self.scope.bind(node.name, node)
            self.all(node.decorator_list)
            if node.returns:
                self.visit(node.returns)
        with self.inside(Scope(self.scope), node) as scope:
            for item in every:
                scope.bind(item.arg, item)
            self.all([node.body] if isinstance(node, ast.Lambda) else node.body)

    @contextmanager
    def inside(self, scope: Scope, node: ast.AST) -> Iterator[Scope]:
        outer, self.scope = self.scope, scope
        for parameter in getattr(node, "type_params", ()):
            scope.bind(parameter.name, parameter)
        yield scope
        self.scope = outer

    def class_definition(self, node: ast.ClassDef) -> None:
        self.scope.bind(node.name, node)
        self.all([*node.decorator_list, *node.bases, *node.keywords])
        with self.inside(Scope(self.scope, is_class=True), node):
            self.all(node.body)

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        self.visit(node.generators[0].iter)
        with self.inside(Scope(self.scope, is_comprehension=True), node):
            for number, generator in enumerate(node.generators):
                self.visit(generator.target)
                self.all([*([generator.iter] if number else []), *generator.ifs])
            self.all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])

    def all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)
