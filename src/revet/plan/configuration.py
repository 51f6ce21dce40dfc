"""The configuration part of a plan: where each expression stands, found without copying it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeGuard

from revet.plan.address import Index, join, last_index, parent_module, without_indices
from revet.plan.expression import Expression, constant
from revet.plan.template import of_leaf

_EMPTY: Mapping[str, Any] = {}
_CREDENTIALS = frozenset(
    (
        "access_key", "assume_role", "assume_role_with_web_identity", "profile", "secret_key",
        "shared_config_files", "shared_credentials_files", "token",
    )
)  # fmt: skip
"""Arguments of the AWS provider that say who calls: "Authentication and Configuration"."""
ONE_OF_SEVERAL = "[*]"
"""Behind a provider configuration whose instances have credentials of their own (OpenTofu)."""
_OF_INSTANCE = ("each.", "count.")
_OF_LEAF = frozenset(("constant_value", "references"))


@dataclass(frozen=True, slots=True)
class Scope:
    """From where a reference is looked at.

    Args:
        module: instance address of the module; the root module is empty.
        index: index of the instance (resource or module call) whose expression it is.
        repeat: the `for_each` expression of that instance.
    """

    module: str = ""
    index: Index = None
    repeat: Expression | None = None


class Written(Protocol):
    """What the sources of modules say that the plan does not show; expressions are resolved."""

    def local(self, module: str, name: str) -> Expression | None:
        """What a local value stands for; `None` where the sources do not tell."""

    def given(self, module: str, name: str) -> Expression | None:
        """What a variable of a called module stands for; `None` where they do not tell."""

    def complete(self) -> None:
        """Forget what was read before all instances and modules were known."""


class Configuration:
    """Index over `configuration`.

    Args:
        configuration: the plan's `configuration` object.
        variables: the plan's `variables` object: values of the root module's variables.
        local_values: the root module's local values, which a plan lacks: name to JSON with
            templates.
        relevant: the plan's `relevant_attributes`: what its changes are made of, local values and
            all, as address and attribute.
        passed: whether it says which provider configurations modules are passed.
    """

    def __init__(
        self,
        configuration: Mapping[str, Any],
        variables: Mapping[str, Any],
        local_values: Mapping[str, Any] = _EMPTY,
        relevant: Iterable[tuple[str, str]] = (),
        *,
        passed: bool = True,
    ) -> None:
        self._passed = passed
        self.relevant = tuple(relevant)
        self._modules: dict[str, Mapping[str, Any]] = {}
        self._calls: dict[str, Mapping[str, Any]] = {}
        self._resources: dict[str, Mapping[str, Any]] = {}
        self._providers: Mapping[str, Any] = configuration.get("provider_config") or _EMPTY
        self._identities: dict[str, str] = {}
        self._variables = variables
        self._locals = local_values
        self._repeats: dict[int, Expression | None] = {}
        self._index("", configuration.get("root_module") or _EMPTY)

    def _index(self, path: str, module: Mapping[str, Any]) -> None:
        self._modules[path] = module
        for resource in module.get("resources") or ():
            self._resources[join(path, resource["address"])] = resource
        for name, call in (module.get("module_calls") or _EMPTY).items():
            inner = join(path, f"module.{name}")
            self._calls[inner] = call
            self._index(inner, call.get("module") or _EMPTY)

    def resource(self, address: str) -> Mapping[str, Any] | None:
        """The configuration of an instance; `None` for one that the configuration lacks."""
        return self._resources.get(without_indices(address))

    def call(self, module: str) -> Mapping[str, Any]:
        """The call of a module instance; empty for the root module."""
        return self._calls.get(without_indices(module)) or _EMPTY

    def scope(self, module: str, address: str, index: Index) -> Scope:
        """The scope of a resource's expressions."""
        return Scope(module, index, self._repeat(self.resource(address)))

    def call_scope(self, module: str) -> Scope:
        """The scope of the expressions in the call of a module instance."""
        repeat = self._repeat(self.call(module))
        return Scope(parent_module(module), last_index(module), repeat)

    def _repeat(self, node: Mapping[str, Any] | None) -> Expression | None:
        """The `for_each` of a resource or call, parsed once for all of its instances."""
        if node is None or "for_each_expression" not in node:
            return None
        known = id(node)
        if known not in self._repeats:
            self._repeats[known] = _leaf(node["for_each_expression"])
        return self._repeats[known]

    def argument(self, module: str, name: str) -> Expression | None:
        """The expression that a module instance is given for a variable; `None` without one."""
        return _leaf((self.call(module).get("expressions") or _EMPTY).get(name))

    def arguments(self, module: str) -> Iterator[Expression]:
        """All expressions that a module instance is given."""
        call = self._calls.get(without_indices(module)) or _EMPTY
        for node in (call.get("expressions") or _EMPTY).values():
            found = _leaf(node)
            if found is not None:
                yield found

    def default(self, module: str, name: str) -> Expression | None:
        """A variable's default, or for the root module its value."""
        if not module and name in self._variables:
            return constant(self._variables[name].get("value"))
        declared = (self._modules.get(without_indices(module)) or _EMPTY).get("variables")
        variable = (declared or _EMPTY).get(name) or _EMPTY
        return constant(variable["default"]) if "default" in variable else None

    def local(self, module: str, name: str) -> Expression | None:
        """What a local value is made of; `None` where that is not known."""
        if module or name not in self._locals:
            return None
        return of_leaf({"constant_value": self._locals[name]})

    def output(self, module: str, name: str) -> Expression | None:
        """The expression of a module's output; `None` without one."""
        outputs = (self._modules.get(without_indices(module)) or _EMPTY).get("outputs") or _EMPTY
        return _leaf((outputs.get(name) or _EMPTY).get("expression"))

    def output_node(self, name: str) -> Mapping[str, Any] | None:
        """What an output of the root module is written with, not parsed yet."""
        outputs = (self._modules.get("") or _EMPTY).get("outputs") or _EMPTY
        return (outputs.get(name) or _EMPTY).get("expression")

    def provider_region(self, key: str) -> Expression | None:
        """The `region` expression of a provider configuration; `None` without one."""
        provider = self._providers.get(key) or _EMPTY
        return _leaf((provider.get("expressions") or _EMPTY).get("region"))

    def provider_module(self, key: str) -> str:
        """The module in which a provider configuration stands."""
        return str((self._providers.get(key) or _EMPTY).get("module_address") or "")

    def identity(self, key: str) -> str:
        """The first of the provider configurations that have the same credentials as one.

        Args:
            key: as `provider_config_key` has it; one that is not there stands for itself. Where its
                instances differ, `ONE_OF_SEVERAL` is behind it.
        """
        if key not in self._identities:
            own = self._credentials(key)
            alike = (one for one in self._providers if own and self._credentials(one) == own)
            several = ONE_OF_SEVERAL if _differs(self._said(key)) else ""
            self._identities[key] = next(alike, key) + several
        return self._identities[key]

    def _said(self, key: str) -> dict[str, Any]:
        """The arguments of a provider configuration that say who calls."""
        given = (self._providers.get(key) or _EMPTY).get("expressions") or _EMPTY
        return {name: given[name] for name in sorted(_CREDENTIALS & given.keys())}

    def _credentials(self, key: str) -> str:
        """What says who calls by a provider configuration; empty where that cannot be compared.

        Of an expression in HCL a plan shows what it refers to, not how: two of them may differ. The
        configuration that a module is passed may stand for any.
        """
        provider = self._providers.get(key)
        if provider is None:
            return ""
        module = provider.get("module_address", "")
        if module and not self._passed and not provider.get("expressions"):
            return ""
        said = self._said(key)
        text = json.dumps(said, sort_keys=True)
        place = module if '"references"' in text else ""
        name = provider.get("full_name") or provider.get("name")
        return f"{name} {place} {text}" if all(map(_is_written_out, said.values())) else ""

    def provider_versions(self) -> dict[str, str]:
        """Provider address to the version constraint that the configuration gives."""
        found = {}
        for provider in self._providers.values():
            name = provider.get("full_name") or provider.get("name")
            constraint = provider.get("version_constraint")
            if name and constraint:
                found[name] = constraint
        return found


def _is_written_out(node: object) -> bool:
    """Whether all expressions in arguments and blocks are there as they are written."""
    if isinstance(node, list):
        return all(map(_is_written_out, node))
    if not isinstance(node, Mapping):
        return True
    return "constant_value" in node if is_leaf(node) else all(map(_is_written_out, node.values()))


def _differs(node: object) -> bool:
    """Whether arguments and blocks are other ones for each instance of what they stand in."""
    if isinstance(node, list):
        return any(map(_differs, node))
    if not isinstance(node, Mapping):
        return False
    if not is_leaf(node):
        return any(map(_differs, node.values()))
    return any(name.startswith(_OF_INSTANCE) for name in node.get("references") or ())


def is_leaf(node: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a node of `expressions` is an expression, not a nested block."""
    if type(node) is not dict and not isinstance(node, Mapping):
        return False
    return node.keys() <= _OF_LEAF


def is_plain_constant(node: object) -> bool:
    """Whether a node is an expression that is known before anything is planned."""
    return (
        isinstance(node, Mapping)
        and is_leaf(node)
        and "constant_value" in node
        and not node.get("references")
        and not _has_template(node["constant_value"])
    )


def _has_template(value: object) -> bool:
    if isinstance(value, str):
        return "${" in value or "%{" in value
    if isinstance(value, Mapping):
        return any(map(_has_template, (*value, *value.values())))
    return isinstance(value, list) and any(map(_has_template, value))


def _leaf(node: object) -> Expression | None:
    return of_leaf(node) if isinstance(node, Mapping) and is_leaf(node) else None
