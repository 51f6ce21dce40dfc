"""Hiding anything that a rule asks for, in a state or an account, improves nothing.

Each case of each control, as the state that is there when it is applied and as the account that has
it: one attribute is hidden, or one resource but for its id, or one listing is denied (a third of
them in the fast tests). A failure or
an unknown answer never becomes a pass, and never goes away without an unknown one; what a denial
changes is unknown, and names the action that is missing.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from tests.gate.asked import cases, recorded
from tests.gate.case_state import NoStateError, state_of

from revet.gate.baseline import Baseline
from revet.gate.catalog import catalog_of, load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import Selected, select
from revet.model.finding import Finding, Origin, Status
from revet.plan.inventory import Inventory
from revet.plan.kinds import attribute_kinds
from revet.plan.observed import EVERY, Observed, account_inventory
from revet.plan.state import load_state
from revet.plan.terraform_types import all_types
from revet.plan.unread_marks import denied
from revet.verify.identity import identities_of

ACCOUNT = "111122223333"
REGION = "us-west-2"
ACTION = "tests:GetWhatIsHidden"
MARK = denied(ACTION)
AGREEMENT = Path(__file__).parents[1] / "deploy" / "contracts" / "agreement.toml"
APART: dict[str, str] = tomllib.loads(AGREEMENT.read_text())["apart"]
"""What a resource has inline in a state, and an account as a resource of its own."""
OTHER_FORMS = {
    f"aws_vpc_security_group_{side}_rule": ("aws_security_group_rule",)
    for side in ("ingress", "egress")
}
Answers = dict[str, Finding]
CATALOG = load_catalog()


@dataclass(frozen=True)
class Case:
    """One case of a control, with what it is judged by."""

    control: str
    name: str
    state: Any
    chosen: tuple[Selected, ...]

    def answers(self, inventory: Inventory) -> Answers:
        judged = run_controls(inventory, self.chosen, subject="case", origin=Origin.EMULATED)
        assert judged.problems == (), self.name
        found = {one.address: one for one in judged.findings}
        return {key: one for key, one in found.items() if one.status is not Status.NOT_EXERCISED}

    def observed(self) -> tuple[Observed, ...]:
        """What readers of the account would yield: each thing once, and each aspect in one place.

        Where the case makes one thing twice, the last of them is what the account has.
        """
        nodes = self.state["values"]["root_module"]["resources"]
        by_identity = {
            identities_of(node["type"], node["values"].get) or node["address"]: node
            for node in nodes
            if node["type"].startswith("aws_")
        }
        types = {node["type"] for node in by_identity.values()}
        return tuple(_observed(node, types) for node in by_identity.values())


def _observed(node: Mapping[str, Any], types: set[str]) -> Observed:
    kind, values = node["type"], dict(node["values"])
    for inline, apart in APART.items():
        owner, _, attribute = inline.partition(".")
        if owner == kind and types & {apart, *OTHER_FORMS.get(apart, ())}:
            values[attribute] = []
    return Observed(kind, str(values.get("id")), values, REGION)


def _cases() -> Iterator[Case]:
    for control, case in cases():
        readings = CATALOG[control].meta.readings
        if readings and "state" not in readings:
            continue
        try:
            state = state_of(case)
        except NoStateError:
            continue
        settings = {control: case.get("settings", {})}
        named = Baseline("case", controls=(control,), settings=settings)
        chosen = select(catalog_of((CATALOG[control],)), named, None)
        yield Case(control, case["name"], state, chosen)


CASES = list(_cases())
CONTROLS = sorted({case.control for case in CASES})
COVERAGE = {kind: frozenset({REGION, ""}) for kind in all_types()}


def account_of(*observed: Observed) -> Inventory:
    coverage = {**COVERAGE, **{item.type: frozenset({REGION, ""}) for item in observed}}
    return account_inventory(observed, account=ACCOUNT, coverage=coverage)


def faults(before: Answers, after: Answers, *, action: str = "") -> Iterator[str]:
    """What hiding something has changed for the better, or without saying why."""
    for address, was in before.items():
        now = after.get(address)
        if now is None:
            fresh = [one for key, one in after.items() if key not in before]
            if was.status is not Status.PASS and not any(_unknown(one, action) for one in fresh):
                yield f"{address} ({was.status}) vanishes"
        elif now.status is not was.status and not _may_be(now, action):
            yield f"{address} was {was.status}, is {now.status}: {now.implemented}"
    for address in after.keys() - before.keys():
        if not _unknown(after[address], action):
            yield f"{address} is new: {after[address].status}"


def _may_be(now: Finding, action: str) -> bool:
    """A state may show a fault in another place; an account has each thing once."""
    return _unknown(now, action) or (not action and now.status is Status.FAIL)


def _unknown(finding: Finding, action: str) -> bool:
    said = f"{finding.implemented} {finding.resolve}"
    return finding.status is Status.UNKNOWN and action.lower() in said.lower()


def state_faults(case: Case, step: int) -> Iterator[str]:
    with recorded() as asked:
        before = case.answers(load_state(case.state))
    read = [
        (number, node["address"], steps)
        for number, node in enumerate(case.state["values"]["root_module"]["resources"])
        for steps in _places(attribute_kinds(node["type"]), node["values"])
        if (node["type"], steps[0]) in asked
    ]
    for number, address, steps in read[::step]:
        state = copy.deepcopy(case.state)
        inside = state["values"]["root_module"]["resources"][number]["values"]
        for name in steps[:-1]:
            inside = inside[name]
        del inside[steps[-1]]
        for fault in faults(before, case.answers(load_state(state))):
            yield f"{case.name}: without {'.'.join(map(str, (address, *steps)))}: {fault}"


def _places(kinds: Any, values: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    """Where the schema has a value: of the resource, and in its blocks.

    A state with a block that has no attribute at all is refused as a whole.
    """
    if isinstance(kinds, tuple) and kinds[0] == "[" and isinstance(values, list):
        for number, item in enumerate(values):
            yield from ((number, *steps) for steps in _places(kinds[1], item))
    elif isinstance(kinds, dict) and isinstance(values, dict):
        for name in sorted(values.keys() & kinds):
            if values[name] is not None and len(values) > 1:
                yield (name,)
            yield from ((name, *steps) for steps in _places(kinds[name], values[name]))


def account_faults(case: Case, step: int) -> Iterator[str]:
    observed = case.observed()
    with recorded() as asked:
        before = case.answers(account_of(*observed))
    for what, hidden in islice(_hidden(observed, asked), 0, None, step):
        after = case.answers(account_of(*hidden))
        for fault in faults(before, after, action=ACTION):
            yield f"{case.name}: without {what}: {fault}"


def _hidden(
    observed: tuple[Observed, ...], asked: set[tuple[str, str]]
) -> Iterator[tuple[str, list[Observed]]]:
    """Each attribute, each resource but for its id, and each type."""
    for number, item in enumerate(observed):
        others = [*observed[:number], *observed[number + 1 :]]
        for attribute in sorted(item.values):
            if (item.type, attribute) in asked:
                unread = replace(item, unknown={attribute: MARK})
                yield f"{item.address}.{attribute}", [*others, unread]
        known = {"id": item.values.get("id")}
        yield item.address, [*others, replace(item, values=known, rest=MARK)]
    for kind in sorted({item.type for item in observed}):
        lost = Observed(kind, EVERY, {}, REGION, MARK)
        yield kind, [*(item for item in observed if item.type != kind), lost]


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("reading", [state_faults, account_faults], ids=["state", "account"])
@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.slow)])
def test_hiding_improves_nothing(control: str, reading: Any, step: int) -> None:  # noqa: ANN401 - a function
    mine = [case for case in CASES if case.control == control]
    assert [fault for case in mine for fault in reading(case, step)] == []
