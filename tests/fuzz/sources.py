"""What is mutated: every plan and state of the suite that a control blocks, and all the others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from tests.fuzz.judging import Answer, Way, judged
from tests.fuzz.trees import Json, Steps, has, places
from tests.gate.case_file import load_cases
from tests.mutations.mutation import load_suite, mutate, suites
from tests.mutations.stored import GOOD, stored, stored_plan

from revet.gate.catalog import load_catalog
from revet.plan.kinds import attribute_kinds

TESTS = Path(__file__).parents[1]
NOTHING_BLOCKS = ""
_LARGEST = 400_000
_PART = 12


@dataclass(frozen=True)
class Source:
    """A plan or a state.

    Args:
        name: of the case, the mutation or the file.
        way: how it is judged.
        text: its JSON.
        addresses: the resources that the control's findings name.
        paths: the attributes that they name.
    """

    name: str
    way: Way
    text: str
    addresses: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()

    @property
    def control(self) -> str:
        """The control that blocks it; empty when it is only read and judged."""
        return self.way.control if self.addresses or self.paths else NOTHING_BLOCKS

    def plan(self) -> Json:
        """A copy of its own."""
        made: Json = json.loads(self.text)
        return made

    @cached_property
    def anywhere(self) -> tuple[Steps, ...]:
        """All places."""
        return tuple(places(json.loads(self.text)))

    @cached_property
    def entries(self) -> tuple[Steps, ...]:
        """Where the resources stand that the findings name, in every section."""
        plan = json.loads(self.text)
        return tuple(
            steps
            for steps in self.anywhere
            if isinstance(steps[-1], int)
            and steps[-2] in ("resource_changes", "resources")
            and _address(plan, steps) in self.addresses
        )

    @cached_property
    def near(self) -> tuple[Steps, ...]:
        """All places in these resources."""
        return tuple(
            steps
            for steps in self.anywhere
            if any(steps[: len(entry)] == entry for entry in self.entries)
        )

    @cached_property
    def attributes(self) -> tuple[Steps, ...]:
        """The places that the findings rest on; all values of the resources without such a word."""
        values = tuple(steps for steps in self.near if _attribute(steps))
        names = {path.split(".")[0] for path in self.paths}
        exact = tuple(steps for steps in values if _attribute(steps)[0] in names)
        return exact or values


def _attribute(steps: Steps) -> Steps:
    """The path of an attribute within its resource; empty when the place is none."""
    for number, step in enumerate(steps):
        if step in ("after", "values", "expressions") and number >= len(("resources", 0)):
            return steps[number + 1 :]
    return ()


def _address(plan: Json, steps: Steps) -> object:
    node: Any = plan
    for step in steps:
        node = node[step]
    return node.get("address") if isinstance(node, dict) else None


@dataclass(frozen=True)
class Given:
    """What the suite has stored.

    Args:
        name: where it stands.
        content: of the plan or state.
        way: how it is judged; without a control by all.
    """

    name: str
    content: Json
    way: Way
    controls: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@cache
def sources(*, few: bool = False) -> tuple[Source, ...]:
    """All sources: one for each plan and each control that blocks it, and each plan as it is.

    Args:
        few: whether only a part of the mutated stacks is taken, which are large.
    """
    made: list[Source] = []
    for given in _given(few=few):
        text = json.dumps(given.content)
        if len(text) > _LARGEST:
            continue
        blocked = [
            source
            for control in given.controls
            if (source := _blocked(given, control, text)) is not None
        ]
        made += blocked or [Source(given.name, given.way, text)]
    return tuple(made)


def _blocked(given: Given, control: str, text: str) -> Source | None:
    way = Way(
        control,
        given.settings.get(control, given.way.settings),
        given.way.synthesis,
        state=given.way.state,
    )
    found = judged(text.encode(), way)
    if found.answer not in (Answer.BLOCKED, Answer.UNDECIDED):
        return None
    return Source(given.name, way, text, frozenset((*found.addresses, *found.related)), found.paths)


def _given(*, few: bool) -> Iterator[Given]:
    yield from _cases()
    catalog = tuple(load_catalog())
    for name in suites():
        suite = load_suite(name)
        settings = suite.requirements.settings
        named = tuple(dict.fromkeys(one for row in suite.requirements.rows for one in row.controls))
        plan = completed(stored(suite, GOOD)["plan"])
        yield Given(f"{name}/{GOOD}", plan, Way("", {}, suite.good.configuration))
        for mutation in suite.changes[:: _PART if few else 1]:
            sources_of = mutate(suite.good, mutation)
            yield Given(
                f"{name}/{mutation.id}",
                completed(stored_plan(suite, mutation)),
                Way("", {}, sources_of.configuration),
                tuple(one for one in named if one in {**mutation.fires, **mutation.unknown}),
                settings,
            )
    for path in sorted((*(TESTS / "plan/data").glob("*.json"), TESTS / "target/streams/plan.json")):
        synthesis = TESTS / "plan/sources" / path.stem / "main.tf.json"
        yield Given(
            str(path.relative_to(TESTS)),
            completed(json.loads(path.read_bytes())),
            Way("", {}, json.loads(synthesis.read_bytes()) if synthesis.exists() else None),
            catalog,
        )
    path = TESTS / "target/streams/state.json"
    yield Given(
        str(path.relative_to(TESTS)), json.loads(path.read_bytes()), Way("", state=True), catalog
    )


def _cases() -> Iterator[Given]:
    for path in sorted((TESTS / "gate/cases").glob("*/*.toml")):
        for case in load_cases(path).cases:
            way = Way("", case.settings, case.synthesis)
            plan = completed(dict(case.plan))
            yield Given(f"{case.control}/{case.name}", plan, way, (case.control,))
            if case.kind == "noncompliant" and case.synthesis is None:
                state = Way("", case.settings, None, state=True)
                yield Given(
                    f"{case.control}/{case.name}, state", as_state(plan), state, (case.control,)
                )


def completed(plan: Json) -> Json:
    """The plan with `planned_values` as Terraform writes them, where a stored one lacks them."""
    root = (plan.get("planned_values") or {}).get("root_module") or {}
    if has(root, ("resources",)) or has(root, ("child_modules",)):
        return plan
    modules: dict[str, list[Json]] = {}
    for change in plan["resource_changes"]:
        if change["change"]["after"] is None or "deposed" in change:
            continue
        names = ("address", "mode", "type", "name", "index", "provider_name")
        modules.setdefault(change.get("module_address", ""), []).append(
            {name: change[name] for name in names if name in change}
            | {
                "schema_version": 0,
                "values": change["change"]["after"],
                "sensitive_values": change["change"].get("after_sensitive") or {},
            }
        )
    planned: Json = {"resources": modules.pop("", [])}
    if modules:
        planned["child_modules"] = [
            {"address": address, "resources": found} for address, found in sorted(modules.items())
        ]
    outputs = (plan.get("planned_values") or {}).get("outputs", {})
    return {**plan, "planned_values": {"outputs": outputs, "root_module": planned}}


def filled(kind: Any, value: Any) -> Any:  # noqa: ANN401 - JSON
    """A value with all members that its objects have: null, or nothing for blocks."""
    if isinstance(kind, tuple) and kind[0] == "[" and isinstance(value, list):
        return [filled(kind[1], item) for item in value]
    if not isinstance(kind, dict) or not isinstance(value, dict):
        return value
    missing: dict[str, Any] = {
        name: [] if isinstance(inner, tuple) and isinstance(inner[1], dict) else None
        for name, inner in kind.items()
        if name not in value
    }
    return {name: filled(kind.get(name), item) for name, item in value.items()} | missing


def as_state(plan: Json) -> Json:
    """The state after the plan was applied, as far as the plan knows it.

    Every attribute of the provider's schema is there, as in what Terraform writes.
    """
    values = json.loads(json.dumps(plan["planned_values"]))
    for node in values["root_module"]["resources"]:
        node["values"] = filled(attribute_kinds(node["type"]), node["values"])
    return {"format_version": "1.0", "terraform_version": "1.11.4", "values": values}
