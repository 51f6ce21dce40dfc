"""Mutations: a blueprint's good stack, broken in one respect and in one spelling, as data.

`tests/mutations/<blueprint>/blueprint.toml` names the good configuration and the requirements; one
file for each row, `<ROW>.toml`, holds its mutations (fields: docs/extending.md, "A mutation").
The suite of a large stack is one of parts, each in a folder below the blueprint's: `part` are the
paths that stay of the configuration, `rows` the requirements that are judged of it.
`@{PATH}` in any text stands for the address of the resource that CDK Terrain made at
`<Stack>/PATH`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.mutations.cutting import around, part
from tests.mutations.operations import changed
from tests.mutations.sources import Json, Sources

from revet.files import read_toml
from revet.gate.requirements import load_requirements
from revet.model.fields import check_fields
from revet.model.requirement import RequirementSet

ROOT = Path(__file__).parents[2]
HOME = Path(__file__).parent
SPELLINGS = ("literal", "reference", "form", "for_each", "module")
_SUITE_FIELDS: dict[str, type] = {
    "configuration": str,
    "requirements": str,
    "part": list,
    "rows": list,
}
_FIELDS: dict[str, type] = {
    "id": str,
    "spelling": str,
    "title": str,
    "change": list,
    "fires": dict,
    "unknown": dict,
}
_REWRITE_FIELDS: dict[str, type] = {
    "id": str,
    "title": str,
    "change": list,
    "unknown": dict,
    "reason": str,
}
HARMLESS = "harmless"
_PATH = re.compile(r"@\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Mutation:
    """One way to break the good stack.

    Args:
        id: of the mutation; a name that Terraform takes for a module.
        row: of the requirement that it breaks; `HARMLESS` for a rewrite that breaks none.
        spelling: one of `SPELLINGS`; empty for a rewrite.
        title: what is wrong now; for a rewrite what is written in another way.
        change: operations on the configuration, in order.
        fires: control to the addresses that it must fail.
        unknown: control to the addresses for which it must say that the plan cannot tell.
        reason: why a rewrite makes something unknown.
    """

    id: str
    row: str
    spelling: str
    title: str
    change: tuple[Json, ...]
    fires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reason: str = ""

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
class Suite:
    """The mutations of one blueprint.

    Args:
        name: of the blueprint.
        good: the good stack.
        requirements: its rows.
        mutations: in the files' order.
        omitted: row, control and spelling to the reason why there is no such mutation.
        rewrites: the good stack in other words, which break nothing.
        beside: addresses of what a part of a stack refers to, and is not judged with it.
    """

    name: str
    good: Sources
    requirements: RequirementSet
    mutations: tuple[Mutation, ...]
    omitted: Mapping[tuple[str, str, str], str]
    rewrites: tuple[Mutation, ...]
    beside: frozenset[str] = frozenset()

    @property
    def changes(self) -> tuple[Mutation, ...]:
        """All that is planned beside the good stack: mutations, then rewrites."""
        return (*self.mutations, *self.rewrites)

    @property
    def folder(self) -> Path:
        """The folder of the data."""
        return HOME / self.name


def suites() -> tuple[str, ...]:
    """The names of all blueprints with mutations, and of parts of blueprints."""
    return tuple(
        sorted(str(path.parent.relative_to(HOME)) for path in HOME.rglob("blueprint.toml"))
    )


@cache
def load_suite(name: str) -> Suite:
    """Read the mutations of a blueprint.

    Args:
        name: of its folder.

    Raises:
        ConfigError: a file is not valid TOML or has a wrong field.
        ValueError: a mutation has an unknown spelling, or an id that stands twice.
    """
    folder = HOME / name
    settings = read_toml(folder / "blueprint.toml", "a blueprint with mutations")
    check_fields(str(folder), "a blueprint with mutations", settings, _SUITE_FIELDS)
    configuration = json.loads((ROOT / settings["configuration"]).read_text(encoding="utf-8"))
    beside: frozenset[str] = frozenset()
    if "part" in settings:
        configuration = part(configuration, settings["part"])
        beside = around(configuration, settings["part"])
    mutations: list[Mutation] = []
    omitted: dict[tuple[str, str, str], str] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem in ("blueprint", HARMLESS):
            continue
        data = read_toml(path, "a file of mutations")
        check_fields(str(path), "a file of mutations", data, {"mutation": list, "omitted": dict})
        omitted |= {
            (path.stem, control, spelling): reason
            for control, reasons in data.get("omitted", {}).items()
            for spelling, reason in reasons.items()
        }
        for raw in data.get("mutation", ()):
            check_fields(str(path), "a mutation", raw, _FIELDS, ("id", "spelling", "change"))
            mutations.append(_mutation(path.stem, resolved(raw, configuration)))
    rewrites = _rewrites(folder / f"{HARMLESS}.toml", configuration)
    twice = [key for key, n in Counter(one.id for one in (*mutations, *rewrites)).items() if n > 1]
    strange = [one.id for one in mutations if one.spelling not in SPELLINGS]
    if twice or strange:
        message = f"{folder}: ids that stand twice: {twice}; with an unknown spelling: {strange}"
        raise ValueError(message)
    requirements = load_requirements(ROOT / settings["requirements"])
    if "rows" in settings:
        requirements = _of_rows(requirements, settings["rows"])
    good = Sources(configuration)
    return Suite(name, good, requirements, tuple(mutations), omitted, tuple(rewrites), beside)


def mutate(good: Sources, mutation: Mutation) -> Sources:
    """Apply the operations of a mutation to the good stack.

    Raises:
        ValueError: an operation names what is not there; every change must change something.
    """
    return changed(good, mutation.change, mutation.id)


def resolved(value: object, configuration: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Data with the address in place of each `@{PATH}`.

    Raises:
        KeyError: no resource of the configuration has such a path.
    """
    return _resolved(value, _addresses(configuration))


def _of_rows(requirements: RequirementSet, names: Sequence[str]) -> RequirementSet:
    """Some rows, with the settings of their controls: a setting asks for its control."""
    rows = tuple(row for row in requirements.rows if row.id in names)
    asked = {control for row in rows for control in row.controls}
    settings = {key: given for key, given in requirements.settings.items() if key in asked}
    return replace(requirements, rows=rows, settings=settings)


def _rewrites(path: Path, configuration: Json) -> list[Mutation]:
    if not path.exists():
        return []
    data = read_toml(path, "a file of rewrites")
    check_fields(str(path), "a file of rewrites", data, {"rewrite": list})
    found = []
    for raw in data.get("rewrite", ()):
        check_fields(str(path), "a rewrite", raw, _REWRITE_FIELDS, ("id", "title", "change"))
        found.append(_mutation(HARMLESS, resolved(raw, configuration)))
    return found


def _mutation(row: str, given: Mapping[str, Any]) -> Mutation:
    return Mutation(
        given["id"],
        row,
        given.get("spelling", ""),
        given.get("title", ""),
        tuple(given["change"]),
        {control: tuple(found) for control, found in given.get("fires", {}).items()},
        {control: tuple(found) for control, found in given.get("unknown", {}).items()},
        given.get("reason", ""),
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
