"""`load_plan`: from Terraform's JSON to an `Inventory`, indexed once, nothing copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from revet.model.finding import SourceLine
from revet.plan.address import Index, join, last_index, parent_module, without_indices
from revet.plan.circles import Circles
from revet.plan.configuration import Configuration, Scope, is_plain_constant
from revet.plan.contradictions import contradictions
from revet.plan.entries import Entry, entries, is_shown_empty
from revet.plan.expression import Expression, Literal, Opaque, Traversal
from revet.plan.inventory import Coverage, Inventory, Reading
from revet.plan.join import Joiner
from revet.plan.memory import CYCLE, cycle_in
from revet.plan.missing_values import Gap, gaps, merged
from revet.plan.own_account import account_in
from revet.plan.policy import PolicyReader
from revet.plan.provider_facts import planned_defaults
from revet.plan.reading import read_plan
from revet.plan.regions import region_given, region_shown
from revet.plan.resolve import Resolver
from revet.plan.resource import Places, Resource
from revet.plan.source import SourceReader, Sources, WrittenBlock, read_sources
from revet.plan.synthesis import SynthesisFacts, read_synthesis
from revet.plan.unread_marks import Mark
from revet.plan.values import Sensitive, Unread
from revet.plan.walk import NOWHERE, Node, Position, read

_EMPTY: Mapping[str, Any] = MappingProxyType({})
_PASSES_UNSAID = "1.0"
"""Format of Terraform 1.1 and before: a resource in a module shows the module's own provider."""


def load_plan(
    plan_json: Path | bytes | Mapping[str, Any],
    synth_json: Path | Mapping[str, Any] | None = None,
    sources: Path | None = None,
) -> Inventory:
    """Load a plan of Terraform or OpenTofu.

    Args:
        plan_json: path, bytes or parsed JSON of `terraform show -json plan.bin`.
        synth_json: the stack's `cdk.tf.json`, for construct paths, source lines and local values.
        sources: folder of the root module's `.tf`, `.tf.json` and `.tofu` files, for what a plan
            of HCL-syntax configuration leaves out, and for source lines.

    Raises:
        InputError: one of the two cannot be read, is something else, or is not complete.
        PrerequisiteError: there are sources, and the parser of them is not installed.
    """
    raw, sha256 = read_plan(plan_json)
    synthesis = read_synthesis(synth_json) if synth_json is not None else None
    return planned_inventory(raw, sha256, synthesis, sources)


def planned_inventory(
    raw: Mapping[str, Any],
    sha256: str,
    synthesis: SynthesisFacts | None = None,
    sources: Path | None = None,
) -> Inventory:
    """The inventory of a plan whose form was checked.

    Args:
        raw: its JSON.
        sha256: of the bytes that it was read from, in hex.
        synthesis: what the synthesized configuration says.
        sources: folder of the configuration's files.

    Raises:
        InputError: the sources cannot be read.
        PrerequisiteError: there are sources, and the parser of them is not installed.
    """
    found = read_sources(sources, raw.get("configuration") or _EMPTY) if sources else None
    return inventory_of(raw, sha256, synthesis, found)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an inventory is read from.

    Args:
        reading: of a plan, a state or an account.
        account: its id, where it is known.
        coverage: of an account.
        of_stack: whether an account was read for a stack, whose outputs come along.
        lost: as `Inventory.lost`.
        missing: the mark of attributes of the provider's schema that are not there; `None` in a
            plan, which leaves out what is not known.
    """

    reading: Reading = Reading.PLAN
    account: str = ""
    coverage: Coverage | None = None
    of_stack: bool = False
    lost: Mapping[str, Unread | None] = field(default_factory=dict)
    missing: Gap | Mark | None = None


def inventory_of(
    raw: Mapping[str, Any],
    sha256: str,
    synthesis: SynthesisFacts | None = None,
    sources: Sources | None = None,
    *,
    origin: Origin = Origin(),
) -> Inventory:
    """The inventory of JSON in the form of a plan, which was checked.

    Args:
        raw: the JSON of a plan.
        sha256: of the bytes that it was read from, in hex.
        synthesis: what the synthesized configuration says.
        sources: of the configuration.
        origin: where it is read from.
    """
    return _Loader(raw, synthesis, sources, origin).inventory(sha256)


class _Loader:
    """Builds one plan; not kept."""

    def __init__(
        self,
        raw: Mapping[str, Any],
        synthesis: SynthesisFacts | None,
        sources: Sources | None,
        origin: Origin,
    ) -> None:
        self.raw = raw
        self.origin = origin
        self.synthesis = synthesis
        self.configuration = Configuration(
            raw.get("configuration") or _EMPTY,
            raw.get("variables") or _EMPTY,
            synthesis.locals if synthesis and _is_of(raw, synthesis) else _EMPTY,
            _relevant(raw),
            passed=raw.get("format_version") != _PASSES_UNSAID,
        )
        self.resources: dict[str, Resource] = {}
        self.data: dict[str, Resource] = {}
        self.deleted: dict[str, Resource] = {}
        instances: dict[str, list[Index]] = {}
        modules: dict[str, list[Index]] = {}
        self.resolver = Resolver(self.configuration, instances, modules)
        self.circles = Circles(self.configuration)
        self.joiner = Joiner(self.resources, self.data)
        self.policies = PolicyReader(self.resources, self.data)
        self.places = Places()
        self.regions: dict[str, str] = {}
        self.sources = sources
        self.written: SourceReader | None = None
        if sources is not None:
            self.written = self.resolver.sources = SourceReader(
                sources,
                self.configuration,
                self.resolver,
                instances,
                modules,
                self.resources,
                self.data,
                NOWHERE,
            )
        created = []
        for entry in entries(self.raw):
            self.add(entry, instances, modules)
            if entry.actions == ("create",):
                created.append(entry)
        self.resolver.complete()
        self.places.clear()
        plain = Resolver(self.configuration, instances, modules)
        for entry in created:
            self.contradicted(entry, plain)

    def inventory(self, sha256: str) -> Inventory:
        types: dict[str, list[Resource]] = {}
        for resource in self.resources.values():
            types.setdefault(resource.type, []).append(resource)
        variables = {
            name: entry.get("value") for name, entry in (self.raw.get("variables") or {}).items()
        }
        return Inventory(
            resources=MappingProxyType(self.resources),
            deleted=MappingProxyType(self.deleted),
            data=MappingProxyType(self.data),
            outputs=MappingProxyType(dict(self.outputs())),
            terraform_version=str(self.raw.get("terraform_version") or ""),
            provider_versions=MappingProxyType(self.configuration.provider_versions()),
            sha256=sha256,
            reading=self.origin.reading,
            account=self.origin.account or account_in(self.data.values()),
            identities=frozenset(self.identities()),
            coverage=self.origin.coverage,
            of_stack=self.origin.of_stack,
            lost=self.origin.lost,
            synthesis=self.synthesis,
            sources=self.sources,
            variables=MappingProxyType(variables),
            _joiner=self.joiner,
            _policies=self.policies,
            _circles=self.circles,
            _types={kind: tuple(found) for kind, found in types.items()},
        )

    def add(
        self, entry: Entry, instances: dict[str, list[Index]], modules: dict[str, list[Index]]
    ) -> None:
        resource = self.resource(entry)
        if entry.actions in (("delete",), ("forget",)):
            name = f"{resource.address} ({entry.other})" if entry.other else resource.address
            self.deleted[name] = resource
            return
        kept = self.data if resource.mode == "data" else self.resources
        prefix = "data." if resource.mode == "data" else ""
        if resource.address not in kept:
            base = join(resource.module, f"{prefix}{resource.type}.{resource.name}")
            instances.setdefault(base, []).append(resource.index)
        kept[resource.address] = resource
        module = resource.module
        while module:
            parent = parent_module(module)
            base, index = _module_base(module)
            known = modules.setdefault(base, [])
            if index in known:
                break
            known.append(index)
            module = parent

    def resource(self, entry: Entry) -> Resource:
        node = entry.node
        address = node["address"]
        module = node.get("module_address") or _module_of(node)
        index = node.get("index")
        written = self.configuration.resource(address)
        scope = self.configuration.scope(module, address, index)
        unknown = self.unknown(entry)
        expressions = self.node(address, scope, written, unknown)
        plain = without_indices(address)
        prefix = "data." if node.get("mode") == "data" else ""
        return Resource(
            address=address,
            type=node["type"],
            name=node["name"],
            module=module,
            index=index,
            actions=entry.actions,
            provider_region=self.region(written, entry.value),
            identity=self.configuration.identity(
                (written or _EMPTY).get("provider_config_key", "")
            ),
            construct_path=self.construct_path(plain),
            source=self.source(plain),
            mode=node.get("mode", "managed"),
            made_by=node.get("made_by", ""),
            unread=node.get("unread"),
            _root=Position(entry.value, unknown, entry.sensitive, (expressions,)),
            _resolve=partial(
                self.resolve,
                scope,
                f"{prefix}{node['type']}.{node['name']}",
                isinstance(expressions, WrittenBlock),
            ),
            _places=self.places,
            _policy=self.policies.read,
        )

    def node(
        self, address: str, scope: Scope, written: Mapping[str, Any] | None, unknown: object
    ) -> Node:
        """Where a resource's expressions are: in the sources, or in the plan alone."""
        if written is None:
            return NOWHERE
        node = written.get("expressions") or _EMPTY
        made = self.written.block(address, scope, node, unknown) if self.written else None
        return node if made is None else made

    def unknown(self, entry: Entry) -> Any:  # noqa: ANN401 - marks
        """The marks of what is not known, because Terraform says so or because it is not there."""
        if entry.node.get("mode") != "managed" or not isinstance(entry.value, Mapping):
            return entry.unknown
        lacking = gaps(entry.node["type"], entry.value, self.origin.missing)
        return merged(entry.unknown, lacking)

    def contradicted(self, entry: Entry, resolver: Resolver) -> None:
        """Mark what a resource that is created has otherwise than its configuration says.

        All instances and modules are known by now, which what is written may refer to. Sources are
        not asked: they may be newer than the plan.
        """
        address = entry.node["address"]
        written = self.configuration.resource(address)
        resource = self.resources.get(address)
        if resource is None or written is None or not isinstance(entry.value, Mapping):
            return
        expressions = written.get("expressions") or _EMPTY
        scope = self.configuration.scope(resource.module, address, resource.index)
        given, defaults = (entry.value, entry.unknown), planned_defaults(resource.type)
        marks = contradictions(
            expressions, *given, lambda one: resolver.resolve(one, scope), defaults
        )
        if marks:
            self.resources[address] = resource.marked(marks)

    def resolve(
        self,
        scope: Scope,
        name: str,
        done: bool,  # noqa: FBT001 - for `partial`
        expression: Expression,
    ) -> Expression:
        """Resolve an expression of a resource; one in a circle of resources means nothing.

        What the sources say is resolved already: then it is `done`.
        """
        circle = self.circles.of_resource(scope.module, name)
        if circle:
            return Opaque(CYCLE + circle, ())
        return expression if done else self.resolver.resolve(expression, scope)

    def resolve_output(self, expression: Expression) -> Expression:
        """The same for an output of the root module."""
        return self.output(self.resolver.resolve(expression, Scope()))

    def output(self, found: Expression) -> Expression:
        """What an output means; one in a circle of resources means nothing."""
        circle = "" if cycle_in(found) else self.circles.of_expression(found)
        return Opaque(CYCLE + circle, ()) if circle else found

    def region(self, written: Mapping[str, Any] | None, value: object) -> str:
        return region_given(value) or self.provider_region(written) or region_shown(value)

    def provider_region(self, written: Mapping[str, Any] | None) -> str:
        key = str((written or _EMPTY).get("provider_config_key") or "")
        if key not in self.regions:
            expression = self.configuration.provider_region(key)
            scope = Scope(self.configuration.provider_module(key))
            if isinstance(expression, Opaque) and len(expression.references) == 1:
                expression = Traversal(expression.references[0])  # `region = var.region` in HCL
            known = self.resolver.resolve(expression, scope) if expression else None
            found = known.value if isinstance(known, Literal) else None
            self.regions[key] = found if isinstance(found, str) else ""
        return self.regions[key]

    def construct_path(self, address: str) -> str:
        return self.synthesis.paths.get(address, "") if self.synthesis else ""

    def source(self, address: str) -> SourceLine | None:
        made = self.synthesis.sources.get(address) if self.synthesis else None
        return made or (self.written.line(address) if self.written else None)

    def outputs(self) -> Iterator[tuple[str, Any]]:
        for name, change in (self.raw.get("output_changes") or {}).items():
            if change.get("actions") == ["delete"]:
                continue
            path = f"output.{name}"
            if change.get("after_sensitive") is True and not is_shown_empty(change):
                yield name, Sensitive(path, "the output is sensitive", "judge that it is marked so")
            else:
                made = self.written.output(name) if self.written else None
                node: Node = self.configuration.output_node(name) if made is None else made
                unknown = change.get("after_unknown")
                mark = Gap.ANOTHER if unknown and is_plain_constant(node) else unknown
                place = Position(change.get("after"), mark, None, (node,))
                yield name, read(place, path, self.resolve_output if made is None else self.output)

    def identities(self) -> Iterator[str]:
        for one in (*self.resources.values(), *self.data.values()):
            if one.identity and one.type.startswith("aws_"):
                yield one.identity


def _relevant(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for item in raw.get("relevant_attributes") or ():
        yield item["resource"], ".".join(map(str, item.get("attribute", ())))


def _is_of(raw: Mapping[str, Any], synthesis: SynthesisFacts) -> bool:
    """Whether a synthesis has the very resources and data sources of the plan's root module."""
    root = (raw.get("configuration") or _EMPTY).get("root_module") or _EMPTY
    return {node["address"] for node in root.get("resources") or ()} == synthesis.addresses


def _module_of(node: Mapping[str, Any]) -> str:
    """The module of a resource in a state, where only the address says it."""
    own = f"{'data.' if node.get('mode') == 'data' else ''}{node['type']}.{node['name']}"
    head, _, _ = str(node["address"]).rpartition(own)
    return head.rstrip(".")


def _module_base(module: str) -> tuple[str, Index]:
    index = last_index(module)
    return (module if index is None else module[: module.rindex("[")]), index
