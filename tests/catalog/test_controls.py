"""What holds for every control."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.update_docs_deviations import deviations
from tests.gate.case_file import load_cases

from revet.gate.baseline import BASELINES, load_baseline
from revet.gate.catalog import Control, load_catalog
from revet.gate.frameworks import FRAMEWORKS, load_frameworks
from revet.gate.selection import select
from revet.plan.provider_facts import computed_attributes

CASES = Path(__file__).parents[1] / "gate/cases"
CATALOG = load_catalog()
MAX_LINES = 150


def each_control() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("control", CATALOG.values(), ids=list(CATALOG))


@each_control()
def test_has_every_kind_of_case(control: Control) -> None:
    path = CASES / control.path.parent.name / f"{control.path.stem}.toml"
    assert load_cases(path).lacking == ()


@each_control()
def test_is_one_short_file_with_a_docstring(control: Control) -> None:
    text = control.path.read_text()
    assert len(text.splitlines()) <= MAX_LINES
    assert text.startswith('"""')
    assert control.rule.__doc__


@each_control()
def test_description_is_one_line_each_and_no_sentence_mark(control: Control) -> None:
    for words in (control.meta.title, control.meta.required, control.meta.impact):
        assert "\n" not in words
        assert not words.endswith(".")
    assert control.meta.title[0].islower()


@each_control()
def test_judges_types_that_the_provider_has(control: Control) -> None:
    assert set(control.meta.resources) <= {"*", *computed_attributes()}


@each_control()
def test_deviations_exist(control: Control) -> None:
    assert {*control.meta.deviations} <= deviations().keys()


def test_titles_are_unique() -> None:
    titles = [control.meta.title for control in CATALOG.values()]
    assert sorted(titles) == sorted(set(titles))


def test_every_case_file_has_its_control() -> None:
    assert {load_cases(path).control for path in CASES.glob("*/*.toml")} == set(CATALOG)


def test_frameworks_map_controls_that_exist_to_something() -> None:
    assert len(load_frameworks()) == len(list(FRAMEWORKS.glob("*.toml")))
    for framework in load_frameworks():
        assert set(framework.controls) <= set(CATALOG), framework.id
        assert all(framework.controls.values()), framework.id


@pytest.mark.parametrize("path", sorted(BASELINES.glob("*.toml")), ids=lambda path: path.stem)
def test_baseline_fits_the_catalogue(path: Path) -> None:
    baseline = load_baseline(path.stem)
    assert baseline.description
    assert select(CATALOG, baseline, None)
