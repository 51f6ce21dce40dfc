"""Making any known value of a mutated plan unknown never improves what a control says of it.

Of each mutated plan every control and resource that does not pass is asked again, once for each
known value that the rule read on its way to the answer, with that value made unknown. What a rule
did not read cannot change its answer; whole verdicts of a sample of all values try that. Samples
are tried in the fast tests, everything under the marker `slow`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.gate.hiding import Hideable, hidden, hideable
from tests.mutations.judging import CATALOG, not_passed, verdict_of
from tests.mutations.mutation import Suite, load_suite, mutate, suites
from tests.mutations.sources import Json, Sources
from tests.mutations.stored import stored_plan

from revet.gate.selection import Selected, select
from revet.model.errors import InputError, UnknownValueError
from revet.model.finding import Status
from revet.model.verdict import Decision
from revet.plan import Inventory, Resource, load_plan
from revet.plan.walk import Position

SUITES = [load_suite(name) for name in suites()]
CHANGED = [(suite.name, mutation.id) for suite in SUITES for mutation in suite.mutations]
PLACE = Resource.place


@dataclass(frozen=True, slots=True, eq=False)
class Mutated:
    """A mutated plan, and what to ask of it.

    Args:
        suite: of the blueprint.
        name: of the mutation.
        sources: that it was planned from.
        plan: its JSON.
        asked: control and address of all that does not pass, with the values that are read.
    """

    suite: Suite
    name: str
    sources: Sources
    plan: Json
    asked: dict[tuple[str, str], tuple[Hideable, ...]]


def loaded(mutated: Mutated, plan: Json) -> Inventory:
    return load_plan(plan, mutated.sources.configuration)


@cache
def choices(suite: str) -> dict[str, Selected]:
    selected = select(CATALOG, None, load_suite(suite).requirements)
    return {one.control.meta.id: one for one in selected}


def answer(choice: Selected, plan: Inventory, address: str) -> Status | None:
    """What a control says; `None` when it keeps silent."""
    control = choice.control
    resource = plan.resources.get(address)
    if control.applies is not None and not control.applies(resource or plan):
        return None
    subjects = (plan,) if control.whole_plan else (resource, plan)
    try:
        return control.rule(*subjects, **choice.settings).status
    except (UnknownValueError, InputError):
        return Status.UNKNOWN


def overlap(read: str, place: str) -> bool:
    return f"{read}.".startswith(f"{place}.") or f"{place}.".startswith(f"{read}.")


@cache
def mutated_of(name: str, mutation_id: str) -> Mutated:
    """The plan, and for each answer that is no pass the known values that it comes from."""
    suite = load_suite(name)
    [mutation] = [one for one in suite.mutations if one.id == mutation_id]
    sources = mutate(suite.good, mutation)
    made = Mutated(suite, mutation.id, sources, stored_plan(suite, mutation), {})
    places = hideable(made.plan)
    for control, address in not_passed(verdict_of(suite, made.plan, sources)):
        read: dict[str, set[str]] = {}

        def spy(self: Resource, path: str, read: dict[str, set[str]] = read) -> Position:
            read.setdefault(self.address, set()).add(f"{self.address}.{path}")
            return PLACE(self, path)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Resource, "place", spy)
            answer(choices(suite.name)[control], loaded(made, made.plan), address)
        made.asked[control, address] = tuple(
            place
            for place in places
            if not place.steps  # outputs are not read as attributes
            or any(overlap(path, str(place)) for path in read.get(place.address, ()))
        )
    return made


def improved(mutated: Mutated, control: str, address: str, place: Hideable) -> list[str]:
    plan = loaded(mutated, hidden(mutated.plan, place))
    status = answer(choices(mutated.suite.name)[control], plan, address)
    fine = status in (Status.FAIL, Status.UNKNOWN)
    line = f"{mutated.name}: {control} {address} says {status} when {place.how} is not known"
    return [] if fine else [line]


@st.composite
def questions(draw: st.DrawFn) -> tuple[Mutated, str, str, Hideable]:
    mutated = mutated_of(*draw(st.sampled_from(CHANGED)))
    (control, address), places = draw(st.sampled_from(sorted(mutated.asked.items())))
    return mutated, control, address, draw(st.sampled_from(places))


@settings(deadline=None, max_examples=60)
@given(questions())
def test_no_value_of_a_sample_helps(question: tuple[Mutated, str, str, Hideable]) -> None:
    assert improved(*question) == []


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_no_value_of_a_sample_helps_the_verdict(data: st.DataObject) -> None:
    """Also values that no rule read; nothing vanishes, and nothing that was blocked is allowed."""
    mutated = mutated_of(*data.draw(st.sampled_from(CHANGED)))
    place = data.draw(st.sampled_from(hideable(mutated.plan)))
    before = verdict_of(mutated.suite, mutated.plan, mutated.sources)
    after = verdict_of(mutated.suite, hidden(mutated.plan, place), mutated.sources)
    assert not_passed(after).keys() >= not_passed(before).keys(), place
    assert after.decision is not Decision.ALLOWED or before.decision is Decision.ALLOWED


@pytest.mark.slow
@pytest.mark.parametrize(("suite", "mutation"), CHANGED)
def test_no_value_helps(suite: str, mutation: str) -> None:
    mutated = mutated_of(suite, mutation)
    found = [
        line
        for (control, address), places in mutated.asked.items()
        for place in places
        for line in improved(mutated, control, address, place)
    ]
    assert found == []


@pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])
def test_every_control_of_a_plan_is_among_those_asked(suite: Suite) -> None:
    """Or the law would hold for want of answers."""
    rows = [row for row in suite.requirements.rows if "P" in row.judged]
    wanted = {control for row in rows for control in row.controls}
    asked = {control for each in SUITES for one in each.mutations for control, _ in one.expected}
    assert wanted <= asked


def test_a_rule_is_asked_about_what_it_reads() -> None:
    [places] = mutated_of("tap", "versioning-literal").asked.values()
    assert "versioning_configuration.0.status" in " ".join(map(str, places))
