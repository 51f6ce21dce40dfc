"""The sources beside a plan: found, matched with its configuration, and asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from revet.model.finding import SourceLine
from revet.plan.address import (
    Index,
    join,
    parent_module,
    parse_instance,
    with_index,
    without_indices,
)
from revet.plan.configuration import Configuration, Scope
from revet.plan.expression import Expression, Literal, Opaque
from revet.plan.memory import Memory
from revet.plan.source.body import BodyContext, WrittenBlock
from revet.plan.source.environment import Environment
from revet.plan.source.evaluate import Evaluator
from revet.plan.source.folder import Folder
from revet.plan.source.lookup import References
from revet.plan.source.match import require_match
from revet.plan.source.modules import Module
from revet.plan.source.symbolic import items_of, member, opaque
from revet.plan.source.syntax import SourceError
from revet.plan.source.world import World
from revet.plan.template import of_leaf


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of a plan's modules.

    Args:
        folder: where they were read.
        modules: configuration address of each module that matches, to it; the root is empty.
        ignored: of each module that does not, its name, the place, and why.
        used: path of each value that the plan does not know and that was read from the sources, to
            `file:line`; filled while the plan is judged.
    """

    folder: Folder
    modules: Mapping[str, Module]
    ignored: tuple[str, ...]
    used: dict[str, str] = field(default_factory=dict)
    _owners: dict[str, str] = field(default_factory=dict, repr=False)

    def use(self, address: str, path: str, place: str) -> None:
        """Note that a value was read from the sources.

        Args:
            address: of the resource instance.
            path: of the attribute.
            place: `file:line`.
        """
        self.used.setdefault(f"{address}.{path}", place)
        self._owners[f"{address}.{path}"] = address

    def places(self) -> Iterator[tuple[str, str, str]]:
        """Address, path and place of each value that was read from the sources."""
        for name, place in sorted(self.used.items()):
            address = self._owners[name]
            yield address, name.removeprefix(f"{address}."), place

    @property
    def matches(self) -> bool:
        """Whether the root module's sources are those of the plan."""
        return "" in self.modules


def read_sources(root: Path, configuration: Mapping[str, Any]) -> Sources:
    """Read the sources of a plan and compare them with its configuration.

    Args:
        root: folder of the root module.
        configuration: the plan's `configuration`, of right form.

    Raises:
        PrerequisiteError: the parser is not installed.
    """
    folder = Folder(root)
    found: dict[str, Module] = {}
    ignored: list[str] = []
    constants = Evaluator(Nothing, Memory())
    waiting: list[tuple[str, Mapping[str, Any], tuple[str, ...] | None]] = [
        ("", configuration.get("root_module") or {}, ())
    ]
    while waiting:
        path, configured, parts = waiting.pop(0)
        if parts is not None:
            try:
                found[path] = _matching(folder, parts, configured, constants)
            except SourceError as error:
                ignored.append(f"{path or 'the root module'}: {error}")
        for name, call in (configured.get("module_calls") or {}).items():
            inner = join(path, f"module.{name}")
            try:
                below = _folder_of(folder, parts, inner, str(call.get("source") or ""))
            except SourceError as error:
                ignored.append(f"{inner}: {error}")
                below = None
            waiting.append((inner, call.get("module") or {}, below))
    return Sources(folder, found, tuple(ignored))


def _folder_of(
    folder: Folder, parts: tuple[str, ...] | None, path: str, source: str
) -> tuple[str, ...]:
    if source.startswith(("./", "../")):
        if parts is None:
            raise SourceError("", "the sources of the module that calls it are not read")
        return folder.below(parts, source)
    return folder.installed(path.removeprefix("module.").replace(".module.", "."))


def _matching(
    folder: Folder, parts: tuple[str, ...], configured: Mapping[str, Any], constants: Evaluator
) -> Module:
    """The one of the modules in a folder that matches.

    Raises:
        SourceError: none does, or it is not known which.
    """
    matching: list[Module] = []
    failure = SourceError(folder.shown(parts), "no sources")
    for module in folder.modules(parts):
        try:
            require_match(module, configured, constants)
        except SourceError as error:
            failure = error if error.where else SourceError(folder.shown(parts), error.why)
        else:
            matching.append(module)
    if len(matching) > 1:
        raise SourceError(
            folder.shown(parts), "the `.tf` and the `.tofu` files both match the plan"
        )
    if not matching:
        raise failure
    return matching[0]


class Nothing:
    """Where nothing can be looked up: constants need nothing; see `Lookup`."""

    def __init__(self, evaluator: Evaluator) -> None:
        del evaluator

    def root(self, words: tuple[str, ...], _steps: object, _where: object) -> Expression:
        """A reference, of which nothing is known."""
        return Opaque(".".join(words), (".".join(words),))

    def step(self, value: Expression, step: str | int) -> Expression:
        """What a value has under a name or number."""
        return member(value, step)

    def known(self, value: Expression) -> Expression:
        """The value itself."""
        return value

    def file(self, name: str, arguments: tuple[Expression, ...], _where: object) -> Expression:
        """No file is read."""
        return opaque(name, *arguments)


class Stated(Protocol):
    """A resource, as far as it is asked what the plan states of it."""

    def stated(self, path: str) -> object:
        """The value that the plan states; `None` without one."""


class Resolving(Protocol):
    """Resolves what the plan's own configuration says."""

    memory: Memory

    def resolve(self, expression: Expression, scope: Scope) -> Expression:
        """See `Resolver`."""


class SourceReader:
    """What sources say of the resources of one plan.

    Args:
        sources: of the plan.
        configuration: of the plan.
        resolver: for modules without sources.
        instances: base address of each resource to its indices; may still be filled.
        calls: the same of modules.
        resources: managed instances by address; may still be filled.
        data: data source instances by address; may still be filled.
        nowhere: stands for blocks that are not known.
    """

    def __init__(
        self,
        sources: Sources,
        configuration: Configuration,
        resolver: Resolving,
        instances: Mapping[str, Sequence[Index]],
        calls: Mapping[str, Sequence[Index]],
        resources: Mapping[str, Stated],
        data: Mapping[str, Stated],
        nowhere: object,
    ) -> None:
        self.sources = sources
        self._resolver = resolver
        self._resources = resources
        self._data = data
        self._nowhere = nowhere
        world = World(sources.modules, configuration, instances, calls, self, self._file)
        self._references: References | None = None

        def lookup(evaluator: Evaluator) -> References:
            self._references = References(world, evaluator)
            return self._references

        self._evaluator = Evaluator(lookup, resolver.memory)

    def complete(self) -> None:
        """Forget what was evaluated before all instances were known."""
        self._evaluator.clear()
        if self._references is not None:
            self._references.clear()

    def stated(self, address: str, path: str) -> object:
        """The value that the plan states for an attribute; `None` without one."""
        owner = self._resources.get(address) or self._data.get(address)
        return owner.stated(path) if owner is not None else None

    def resolve(self, expression: Expression, scope: Scope) -> Expression:
        """What an expression of the plan's own configuration means."""
        return self._resolver.resolve(expression, scope)

    def line(self, address: str) -> SourceLine | None:
        """Where a resource is written; `None` without sources."""
        module, name = _split(without_indices(address))
        found = self.sources.modules.get(module)
        block = found.resources.get(name) if found else None
        return SourceLine(block.file, block.line) if block else None

    def block(
        self,
        address: str,
        scope: Scope,
        node: Mapping[str, Any],
        unknown: object,
    ) -> WrittenBlock | None:
        """The configuration of a resource instance; `None` without sources.

        Args:
            address: of the instance.
            scope: of its expressions.
            node: the expressions of the plan's own configuration.
            unknown: the plan's marks of what is not known.
        """
        found = self.sources.modules.get(without_indices(scope.module))
        block = found.resources.get(_split(without_indices(address))[1]) if found else None
        if block is None:
            return None
        reading = BodyContext(
            self._evaluator,
            self._is_open,
            lambda leaf: self._resolver.resolve(of_leaf(leaf), scope),
            self._nowhere,
            self.sources.folder.template,
            lambda path, place: self.sources.use(address, path, place),
        )
        where = Environment(scope.module, scope.index, block.body.arguments.get("for_each"))
        return WrittenBlock(block.body, where, node, [unknown], "", reading)

    def _is_open(self, text: str) -> bool:
        base, index, path = parse_instance(text)
        return self.stated(with_index(base, index), path) is None

    def local(self, module: str, name: str) -> Expression | None:
        """What a local value stands for; `None` where the sources do not tell."""
        references = self._references
        if references is None or without_indices(module) not in self.sources.modules:
            return None
        return self._evaluator.attempt(lambda: references.local(name, module))

    def given(self, module: str, name: str) -> Expression | None:
        """What a module with sources gives a module that it calls; `None` without them."""
        references = self._references
        parent = without_indices(parent_module(module))
        if references is None or parent not in self.sources.modules:
            return None
        return self._evaluator.attempt(lambda: references.variable(name, module))

    def output(self, name: str) -> Expression | None:
        """What an output of the root module is made of; `None` without sources."""
        root = self.sources.modules.get("")
        block = root.outputs.get(name) if root else None
        value = block.body.arguments.get("value") if block else None
        return self._evaluator.argument(value, Environment()) if value else None

    def _file(self, name: str, arguments: tuple[Expression, ...], where: Environment) -> Expression:
        """`file` and `templatefile`, of files below the folder."""
        folder = self.sources.folder
        path = arguments[0] if arguments else None
        if not (isinstance(path, Literal) and isinstance(path.value, str)):
            return opaque(name, *arguments)
        try:
            parts = folder.below((), path.value)
            text = folder.content(parts).decode()
            if name == "file":
                return Literal(text)
            syntax = folder.template(text, folder.shown(parts))
        except SourceError:
            return opaque(name, *arguments)
        names = dict(_named(arguments[1])) if len(arguments) > 1 else {}
        return self._evaluator.evaluate(syntax, Environment(where.module, names=names))


def _named(value: Expression) -> Iterator[tuple[str, Expression]]:
    for name, item in items_of(value) or ():
        if isinstance(name, Literal):
            yield str(name.value), item


def _split(address: str) -> tuple[str, str]:
    """The module and the rest of an address without indices."""
    words = address.split(".")
    own = 3 if len(words) > 2 and words[-3] in ("data", "ephemeral") else 2  # noqa: PLR2004
    return ".".join(words[:-own]), ".".join(words[-own:])
