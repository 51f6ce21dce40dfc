"""Which controls run with which settings, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from revet.gate.baseline import Baseline, load_baseline
from revet.gate.catalog import load_catalog
from revet.gate.requirements import load_requirements
from revet.gate.selection import Selected, select
from revet.model.errors import ConfigError
from revet.model.requirement import Judged, Requirement, RequirementSet

CATALOG = load_catalog()
RETENTION = "logs-group-retention"
ON_REQUEST = {"lambda-function-architecture", "tags-required", "terraform-names"}
NAMED_ONLY = {name for name, control in CATALOG.items() if control.on_request}


def asked(controls: tuple[str, ...] = (), **settings: dict[str, Any]) -> RequirementSet:
    row = Requirement("T-01", "text", (Judged.PLAN,), (), controls)
    tables = {name.replace("_", "-"): table for name, table in settings.items()}
    return RequirementSet("test", (row,), tables)


def by_id(selected: tuple[Selected, ...]) -> dict[str, Selected]:
    return {choice.control.meta.id: choice for choice in selected}


def test_everything_runs_with_its_defaults() -> None:
    found = by_id(select(CATALOG, None, None))
    assert set(found) == set(CATALOG) - NAMED_ONLY
    assert found[RETENTION].settings == {"days": 1}
    assert found[RETENTION].meta.settings == {"days": 1}


def test_requirements_win_over_baseline_over_default() -> None:
    baseline = Baseline("b", settings={RETENTION: {"days": 30}})
    assert by_id(select(CATALOG, baseline, None))[RETENTION].settings == {"days": 30}
    requirements = asked(logs_group_retention={"days": 90})
    found = by_id(select(CATALOG, baseline, requirements))
    assert found[RETENTION].settings == {"days": 90}
    assert found[RETENTION].meta.settings == {"days": 90}


def test_a_baseline_chooses() -> None:
    assert set(by_id(select(CATALOG, Baseline("b", controls=(RETENTION,)), None))) == {RETENTION}
    without = by_id(select(CATALOG, Baseline("b", without=(RETENTION,)), None))
    assert set(without) == set(CATALOG) - {RETENTION} - NAMED_ONLY


def test_a_requirement_adds_what_the_baseline_leaves_out() -> None:
    baseline = Baseline("b", controls=("kms-key-alias",), without=(RETENTION,))
    found = by_id(select(CATALOG, baseline, asked((RETENTION,))))
    assert set(found) == {"kms-key-alias", RETENTION}


def test_a_list_becomes_a_tuple() -> None:
    found = by_id(select(CATALOG, None, asked(tags_required={"keys": ["A", "B"]})))
    assert found["tags-required"].settings == {"keys": ("A", "B")}


def test_a_setting_without_default_is_missing_until_it_is_given() -> None:
    assert by_id(select(CATALOG, None, None))["tags-required"].missing == ("keys",)
    given = asked(("tags-required",), tags_required={"keys": ["x"]})
    assert by_id(select(CATALOG, None, given))["tags-required"].missing == ()


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({}, ON_REQUEST),
        (
            {"tags_required": {"keys": []}},
            ON_REQUEST,
        ),
        ({"tags_required": {"keys": ["Owner"]}}, ON_REQUEST - {"tags-required"}),
        (
            {"terraform_names": {"pattern": ""}},
            ON_REQUEST,
        ),
        ({"terraform_names": {"pattern": "x"}}, ON_REQUEST - {"terraform-names"}),
        (
            {"terraform_outputs": {"names": []}},
            ON_REQUEST,
        ),
    ],
)
def test_what_nobody_asked_for_is_missing(
    settings: dict[str, dict[str, Any]], missing: set[str]
) -> None:
    found = by_id(select(CATALOG, None, asked((), **settings)))
    assert {name for name, choice in found.items() if choice.missing} == missing
    assert not any(
        key in found[name].meta.settings for name in missing for key in found[name].missing
    )


@pytest.mark.parametrize(
    ("baseline", "requirements", "got", "where"),
    [
        (None, asked(("kms-key-rotatoin",)), "`kms-key-rotatoin`", "T-01"),
        (Baseline("b", controls=("nonsense",)), None, "`nonsense`", "baseline `b`"),
        (Baseline("b", without=("nonsense",)), None, "`nonsense`", "baseline `b`"),
        (Baseline("b", settings={"nonsense": {}}), None, "`nonsense`", "baseline `b`"),
        (None, asked(nonsense={"days": 1}), "`nonsense`", "requirements `test`"),
        (None, asked(logs_group_retention={"dyas": 1}), "`dyas = 1`", RETENTION),
        (None, asked(logs_group_retention={"days": "1"}), "`days = '1'`", RETENTION),
        (None, asked(logs_group_retention={"days": True}), "`days = True`", RETENTION),
        (None, asked(tags_required={"keys": "A"}), "`keys = 'A'`", "tags-required"),
        (None, asked(tags_required={"keys": ["A", 1]}), "`keys = ['A', 1]`", "tags-required"),
        (None, asked(kms_key_alias={"x": 1}), "`x = 1`", "kms-key-alias"),
    ],
)
def test_refuses_what_does_not_exist_or_fit(
    baseline: Baseline | None, requirements: RequirementSet | None, got: str, where: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        select(CATALOG, baseline, requirements)
    assert caught.value.got == got
    assert where in caught.value.where
    assert caught.value.expected
    assert caught.value.exit_code == 3


def test_settings_that_are_no_table_are_refused() -> None:
    wrong = RequirementSet("test", (), {RETENTION: 3})  # type: ignore[dict-item]
    with pytest.raises(ConfigError, match="not a table"):
        select(CATALOG, None, wrong)


def test_reads_a_baseline_of_ours_and_of_the_user(tmp_path: Path) -> None:
    assert load_baseline("default").controls == ("*",)
    path = tmp_path / "mine.toml"
    path.write_text(
        'controls = ["*"]\nwithout = ["kms-key-alias"]\n[settings.logs-group-retention]\ndays = 9\n'
    )
    assert load_baseline(path) == load_baseline(str(path))
    assert load_baseline(path) == Baseline(
        "mine", "", ("*",), ("kms-key-alias",), {RETENTION: {"days": 9}}
    )


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("", "no `controls`"),
        ('controls = "all"', "`controls = 'all'`"),
        ("controls = [1]", "`controls = [1]`"),
        ('controls = ["*"]\nextra = 1', "`extra = 1`"),
        ("controls = [", "Invalid value"),
    ],
)
def test_refuses_a_wrong_baseline(tmp_path: Path, text: str, got: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_baseline(path)
    assert got in caught.value.got
    assert caught.value.where == str(path)


def test_refuses_a_baseline_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such baseline") as caught:
        load_baseline("strict")
    assert "`default`" in caught.value.expected
    with pytest.raises(ConfigError, match="cannot be read"):
        load_baseline(tmp_path / "mine.toml")


def test_a_requirements_file_is_named_after_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "tap" / "requirements.toml"
    path.parent.mkdir()
    text = '[[requirement]]\nid = "T-01"\ntext = "text"\njudged = ["P"]\n'
    path.write_text(text)
    assert load_requirements(path).name == "tap"
    other = tmp_path / "pci.toml"
    other.write_text(text)
    assert load_requirements(other).name == "pci"
    assert [row.id for row in load_requirements(other).rows] == ["T-01"]


ASKED_FOR = "ec2-vpc-endpoint-policy"


@pytest.mark.parametrize(
    ("baseline", "requirements", "runs"),
    [
        (None, None, False),
        (load_baseline("default"), None, False),
        (Baseline("b", controls=("*", ASKED_FOR)), None, True),
        (Baseline("b", settings={ASKED_FOR: {"accounts": ["123456789012"]}}), None, True),
        (None, asked((ASKED_FOR,)), True),
        (load_baseline("default"), asked((ASKED_FOR,)), True),
        (Baseline("b", controls=("*", ASKED_FOR), without=(ASKED_FOR,)), None, False),
    ],
)
def test_what_runs_on_request_runs_where_it_is_named(
    baseline: Baseline | None, requirements: RequirementSet | None, *, runs: bool
) -> None:
    assert (ASKED_FOR in by_id(select(CATALOG, baseline, requirements))) is runs
