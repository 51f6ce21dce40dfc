"""Whoever is killed, and when: one command afterwards ends with nothing left."""

from __future__ import annotations

import os
import signal
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.deploy.gated import Project, project_in, runs, stop_at

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

KILLS = tomllib.loads((Path(__file__).parent / "kills.toml").read_text("utf-8"))["kill"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_in(tmp_path) as made:
        yield made


@pytest.mark.parametrize("case", KILLS, ids=[f"{case['who']}-{case['when']}" for case in KILLS])
def test_one_command_after_a_kill_leaves_nothing(project: Project, case: dict[str, Any]) -> None:
    gate = project.gate(case["when"])
    gate.touch()
    run = project.begin("rehearse", "infra")
    terraform = stop_at(project, run, case["when"])
    if case["who"] == "terraform":
        terraform.kill()
    elif case["who"] == "revet":
        run.process.kill()
    else:
        os.kill(project.aws(), signal.SIGKILL)
    code, said = run.ended()
    assert code == case["code"], said
    assert "Traceback" not in said
    assert "revet itself failed" not in said
    for words in case["said"]:
        assert words in said
    gate.unlink()

    code, said = project.run(case["next"], "infra")
    assert code == 0, said
    assert case["found"] in said
    assert not project.own_aws.exists()
    assert {path.name for path in project.work.glob(".*")} <= {".lock", ".programs.lock"}
    assert not runs(terraform)


def test_a_second_run_of_a_stack_is_refused_and_one_of_another_is_not(project: Project) -> None:
    project.gate("create").touch()
    first = project.begin("rehearse", "infra")
    stop_at(project, first, "create")
    project.gate("create").unlink()
    code, said = project.run("rehearse", "infra")
    assert code == 3, said
    assert "another run works in this folder" in said
    assert f"process {first.process.pid}" in said
    assert "`rehearse infra`" in said
    assert "wait until it has ended, or stop it with one Ctrl-C" in said
    code, said = project.run("rehearse", "other")
    assert code == 0, said
    assert "left after destroy: nothing" in said
    assert first.process.poll() is None
    (project.folder / "pipe").write_text("go\n")
    code, said = first.ended()
    assert code == 0, said
    assert "left after destroy: nothing" in said


def test_what_is_deployed_is_never_touched(project: Project) -> None:
    """Not even by a rehearsal of the same stack, which is one of its update."""
    deployed = project.folder / ".revet" / "other" / "embedded"
    project.succeed("deploy", "other")
    before = {path: path.read_bytes() for path in deployed.rglob("*") if path.is_file()}
    said = project.succeed("rehearse", "other")
    assert "left after destroy: nothing" in said
    assert "begun from: 3 resources as they are deployed" in said
    assert before == {path: path.read_bytes() for path in deployed.rglob("*") if path.is_file()}
    assert "/others/first" in project.succeed("aws", "status")
    code, said = project.run("rehearse", "other", "--keep")
    assert code == 3, said
    assert "rehearse without `--keep`" in said
    assert "still in the target: nothing" in project.succeed("destroy", "other")


def test_a_rehearsal_that_is_kept_can_be_verified_kept_again_and_destroyed(
    project: Project,
) -> None:
    project.succeed("rehearse", "infra", "--keep")
    assert "/kills/first" in project.succeed("aws", "status")
    project.succeed("verify", "infra")
    assert "destroyed first" in project.succeed("rehearse", "infra", "--keep")
    assert "still in the target: nothing" in project.succeed("destroy", "infra")


@pytest.mark.parametrize("following", ["deploy", "destroy"])
def test_a_killed_deploy_goes_on_or_is_cleaned_up(project: Project, following: str) -> None:
    project.gate("create").touch()
    run = project.begin("deploy", "infra")
    terraform = stop_at(project, run, "create")
    run.process.kill()
    run.ended()
    project.gate("create").unlink()
    project.succeed(following, "infra")
    assert not runs(terraform)
    exists = project.succeed("aws", "status")
    assert ("/kills/last" in exists) == (following == "deploy")
    if following == "deploy":
        assert "still in the target: nothing" in project.succeed("destroy", "infra")
