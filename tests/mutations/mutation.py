"""Mutations: a blueprint's good stack, broken in one respect and in one spelling, as data.

`tests/mutations/<blueprint>/blueprint.toml` names the good configuration and the requirements; one
file for each row, `<ROW>.toml`, holds its mutations (fields: docs/extending.md, "A mutation").
`@{PATH}` in any text stands for the address of the resource that CDK Terrain made at
`<Stack>/PATH`.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from revet.gate.requirements import load_requirements
from revet.gate.toml_file import check_fields, read_toml
from revet.model.requirement import RequirementSet

ROOT = Path(__file__).parents[2]
HOME = Path(__file__).parent
SPELLINGS = ("literal", "reference", "form", "for_each", "module")
_FIELDS: dict[str, type] = {
    "id": str,
    "spelling": str,
    "title": str,
    "change": list,
    "fires": dict,
    "unknown": dict,
}
_PATH = re.compile(r"@\{([^{}]+)\}")
_TOP_LEVEL = ("data", "output", "provider", "terraform")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One way to break the good stack.

    Args:
        id: of the mutation; a name that Terraform takes for a module.
        row: of the requirement that it breaks.
        spelling: one of `SPELLINGS`.
        title: what is wrong now.
        change: operations on the configuration, in order.
        fires: control to the addresses that it must fail.
        unknown: control to the addresses for which it must say that the plan cannot tell.
    """

    id: str
    row: str
    spelling: str
    title: str
    change: tuple[Json, ...]
    fires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def expected(self) -> dict[tuple[str, str], str]:
        """Control and address to the status that it must have; every other finding passes."""
        return {
            (control, address): status
            for status, table in (("fail", self.fires), ("unknown", self.unknown))
            for control, addresses in table.items()
            for address in addresses
        }


@dataclass(frozen=True, slots=True)
class Sources:
    """A configuration in Terraform's JSON syntax, and modules of HCL that it calls.

    Args:
        configuration: the content of `main.tf.json`.
        modules: name of a folder beside it to the text of its `main.tf`.
    """

    configuration: Json
    modules: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Of all that Terraform reads; what is written for people and other programs is not."""
        text = json.dumps([without_comments(self.configuration), self.modules], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Suite:
    """The mutations of one blueprint.

    Args:
        name: of the blueprint.
        good: the good stack.
        requirements: its rows.
        mutations: in the files' order.
        omitted: row and spelling to the reason why there is no such mutation.
    """

    name: str
    good: Sources
    requirements: RequirementSet
    mutations: tuple[Mutation, ...]
    omitted: Mapping[tuple[str, str], str]

    @property
    def folder(self) -> Path:
        """The folder of the data."""
        return HOME / self.name


def suites() -> tuple[str, ...]:
    """The names of all blueprints with mutations."""
    return tuple(sorted(path.parent.name for path in HOME.glob("*/blueprint.toml")))


@cache
def load_suite(name: str) -> Suite:
    """Read the mutations of a blueprint.

    Args:
        name: of its folder.

    Raises:
        ConfigError: a file is no TOML or has a wrong field.
        ValueError: a mutation has an unknown spelling, or an id that stands twice.
    """
    folder = HOME / name
    settings = read_toml(folder / "blueprint.toml", "a blueprint with mutations")
    configuration = json.loads((ROOT / settings["configuration"]).read_text(encoding="utf-8"))
    mutations: dict[str, Mutation] = {}
    omitted: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem == "blueprint":
            continue
        data = read_toml(path, "a file of mutations")
        check_fields(str(path), "a file of mutations", data, {"mutation": list, "omitted": dict})
        omitted |= {(path.stem, key): reason for key, reason in data.get("omitted", {}).items()}
        for raw in data.get("mutation", ()):
            check_fields(str(path), "a mutation", raw, _FIELDS, ("id", "spelling", "change"))
            made = _mutation(path.stem, resolved(raw, configuration))
            if made.id in mutations or made.spelling not in SPELLINGS:
                message = f"{path}: `{made.id}`: an id that stands twice, or an unknown spelling"
                raise ValueError(message)
            mutations[made.id] = made
    requirements = load_requirements(ROOT / settings["requirements"])
    return Suite(name, Sources(configuration), requirements, tuple(mutations.values()), omitted)


def mutate(good: Sources, mutation: Mutation) -> Sources:
    """Apply the operations of a mutation to the good stack.

    Raises:
        ValueError: an operation names what is not there; every change must change something.
    """
    sources = Sources(copy.deepcopy(good.configuration), dict(good.modules))
    for change in mutation.change:
        before = sources.sha256
        names = [name for name in _OPERATIONS if name in change]
        try:
            [name] = names
            sources = _OPERATIONS[name](sources, change)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            message = f"`{mutation.id}`: cannot {change}: {error!r}"
            raise ValueError(message) from error
        if sources.sha256 == before:
            message = f"`{mutation.id}`: {change} changes nothing"
            raise ValueError(message)
    return sources


def without_comments(value: object) -> Any:  # noqa: ANN401 - JSON
    """A configuration without its keys `//`, which Terraform skips."""
    if isinstance(value, dict):
        return {key: without_comments(item) for key, item in value.items() if key != "//"}
    if isinstance(value, list):
        return [without_comments(item) for item in value]
    return value


def resolved(value: object, configuration: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Data with the address in place of each `@{PATH}`.

    Raises:
        KeyError: no resource of the configuration has such a path.
    """
    return _resolved(value, _addresses(configuration))


def _mutation(row: str, given: Mapping[str, Any]) -> Mutation:
    return Mutation(
        given["id"],
        row,
        given["spelling"],
        given.get("title", ""),
        tuple(given["change"]),
        {control: tuple(found) for control, found in given.get("fires", {}).items()},
        {control: tuple(found) for control, found in given.get("unknown", {}).items()},
    )


def _resolved(value: object, addresses: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: _resolved(item, addresses) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, addresses) for item in value]
    if isinstance(value, str):
        return _PATH.sub(lambda match: addresses[match.group(1)], value)
    return value


def _addresses(configuration: Mapping[str, Any]) -> dict[str, str]:
    """CDK Terrain's path below the stack to the address."""
    return {
        resource["//"]["metadata"]["path"].partition("/")[2]: f"{prefix}{kind}.{name}"
        for prefix, block in (("", "resource"), ("data.", "data"))
        for kind, table in configuration.get(block, {}).items()
        for name, resource in table.items()
    }


def _place(configuration: Json, address: str) -> list[str]:
    steps = address.split(".")
    return steps if steps[0] in _TOP_LEVEL else ["resource", *steps]


def _set(sources: Sources, change: Json) -> Sources:
    steps = [*_place(sources.configuration, change["set"]), *change["path"].split(".")]
    configuration = _edited(sources.configuration, steps, change["value"])
    return Sources(configuration, sources.modules)


def _remove(sources: Sources, change: Json) -> Sources:
    """A part of a block; or a whole block, and with it what waits for it in `depends_on`."""
    steps = _place(sources.configuration, change["remove"])
    if "path" in change:
        steps += change["path"].split(".")
    configuration = _edited(sources.configuration, steps, _GONE)
    if "path" not in change:
        *place, _ = steps
        if not _found(configuration, place):
            configuration = _edited(configuration, place, _GONE)
        for table in configuration.get("resource", {}).values():
            for resource in table.values():
                waits = resource.get("depends_on", [])
                if change["remove"] in waits:
                    resource["depends_on"] = [name for name in waits if name != change["remove"]]
    return Sources(configuration, sources.modules)


def _add(sources: Sources, change: Json) -> Sources:
    *steps, name = _place(sources.configuration, change["add"])
    place: Any = sources.configuration
    for step in steps:
        place = place.setdefault(step, {})
    if name in place:
        message = f"`{change['add']}` is there already"
        raise ValueError(message)
    place[name] = change["value"]
    return sources


def _each(sources: Sources, change: Json) -> Sources:
    """The resource once for each element."""
    kind, name = change["each"].split(".")
    sources.configuration["resource"][kind][name]["for_each"] = change["over"]
    return sources


def _variable(sources: Sources, change: Json) -> Sources:
    sources.configuration.setdefault("variable", {})[change["variable"]] = {
        "default": change["value"]
    }
    return sources


def _local(sources: Sources, change: Json) -> Sources:
    sources.configuration.setdefault("locals", {})[change["local"]] = change["value"]
    return sources


def _module(sources: Sources, change: Json) -> Sources:
    """A call of a module whose `main.tf` is given as text."""
    name = change["module"]
    call = {"source": f"./{name}", **change.get("inputs", {})}
    sources.configuration.setdefault("module", {})[name] = call
    return Sources(sources.configuration, {**sources.modules, name: change["hcl"]})


_OPERATIONS: Mapping[str, Callable[[Sources, Json], Sources]] = {
    "set": _set,
    "remove": _remove,
    "add": _add,
    "each": _each,
    "variable": _variable,
    "local": _local,
    "module": _module,
}
_GONE: Any = object()


def _found(value: Any, steps: list[str]) -> Any:  # noqa: ANN401 - JSON
    for step in steps:
        value = value[step]
    return value


def _edited(value: Any, steps: list[str], new: object) -> Any:  # noqa: ANN401 - JSON
    """Set or remove what the steps lead to; `Sid=TlsOnly` picks the item with this field.

    A policy is JSON in a text: the steps lead through it.
    """
    if not steps:
        return new
    if isinstance(value, str):
        return json.dumps(_edited(json.loads(value), steps, new), separators=(",", ":"))
    step, *rest = steps
    key: Any = step
    if isinstance(value, list):
        name, equals, wanted = step.partition("=")
        found = [i for i, item in enumerate(value) if equals and item.get(name) == wanted]
        key = found[0] if equals else int(step)
    if new is _GONE and not rest:
        del value[key]
    elif isinstance(value, dict) and not rest:
        value[key] = new
    else:
        value[key] = _edited(value[key], rest, new)
    return value
