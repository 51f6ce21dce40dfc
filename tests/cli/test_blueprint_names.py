"""What the name of a blueprint stands for."""

from __future__ import annotations

from pathlib import Path

from revet.cli.project import find_project
from revet.cli.stack import blueprints, find_stack


def test_a_blueprint_has_the_name_of_its_folder_with_hyphens() -> None:
    assert {"tap", "state-backend"} <= set(blueprints())


def test_a_blueprint_brings_what_it_is_judged_against(tmp_path: Path) -> None:
    project = find_project(start=tmp_path)
    state = find_stack("state-backend", project)
    assert state.blueprint
    assert state.judging.requirements == blueprints()["state-backend"] / "requirements.toml"
    assert state.judging.baseline == str(blueprints()["state-backend"] / "baseline.toml")
    tap = find_stack("tap", project).judging
    assert tap.baseline is None
    assert tap.properties == blueprints()["tap"] / "properties.toml"
    assert tap.attacks == blueprints()["tap"] / "attacks.toml"
    assert (state.judging.properties, state.judging.attacks) == (None, None)


def test_the_baseline_of_the_user_goes_first(tmp_path: Path) -> None:
    (tmp_path / "revet.toml").write_text('baseline = "default"\n')
    project = find_project(start=tmp_path)
    assert find_stack("state-backend", project).judging.baseline == "default"


def test_settings_that_say_nothing_of_a_baseline_leave_that_of_the_blueprint(
    tmp_path: Path,
) -> None:
    (tmp_path / "revet.toml").write_text('fail_on = "low"\n[stacks.state-backend]\n')
    expected = str(blueprints()["state-backend"] / "baseline.toml")
    assert find_stack("state-backend", find_project(start=tmp_path)).judging.baseline == expected
    (tmp_path / "revet.toml").write_text('fail_on = "low"\n')
    assert find_stack("state-backend", find_project(start=tmp_path)).judging.baseline == expected
