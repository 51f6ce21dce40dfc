"""The real Terraform in a clone that brings a state, a data folder and an odd name along."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from revet.files import WORKING, private_folder, project_state

pytestmark = pytest.mark.embedded

REVET = Path(sys.executable).with_name("revet")
PATIENCE = 900
PLUGINS = "registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64"
CONFIGURATION = {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
    "provider": {"aws": [{"region": "eu-west-1"}]},
    "resource": {"aws_cloudwatch_log_group": {"kept": {"name": "/k"}}},
}


class Project:
    """A clone, and whether anything of it was executed."""

    def __init__(self, folder: Path, name: str) -> None:
        self.outside = folder
        self.folder = folder / name
        self.executed = folder / "executed"
        self.work = Path(WORKING, "infra", "embedded")
        (self.folder / "infra").mkdir(parents=True)
        (self.folder / "infra" / "main.tf.json").write_text(json.dumps(CONFIGURATION))
        text = 'fail_on = "none"\nregion = "eu-west-1"\n[stacks.infra]\nterraform = "infra"\n'
        (self.folder / "revet.toml").write_text(text)
        for place in ("infra", self.work / "terraform", "."):
            provider = self.folder / place / ".terraform" / "providers" / PLUGINS
            provider.mkdir(parents=True)
            program = provider / "terraform-provider-aws_v5.100.0_x5"
            program.write_text(f'#!/bin/sh\n: > "{self.executed}"\nexit 1\n')
            program.chmod(0o755)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(REVET), *arguments],
            cwd=self.folder,
            env={**os.environ, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def succeed(self, *arguments: str) -> str:
        ended = self.run(*arguments)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def move(self, name: str) -> None:
        self.folder = self.folder.rename(self.outside / name)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path, '-an "odd" ${name}: %{x}\'\n\u00e9')
    first = made.folder
    yield made
    made.run("aws", "stop")
    made.folder = first
    first.mkdir(exist_ok=True)
    made.run("aws", "stop")


@pytest.mark.slow
def test_an_odd_name_and_a_move_leave_nothing_unsaid(project: Project) -> None:
    """What is deployed from a folder with an odd name is found again, and only from there."""
    project.succeed("deploy", "infra")
    state = json.loads((project.folder / project.work / "terraform.tfstate").read_text())
    assert [item["type"] for item in state["resources"]] == ["aws_cloudwatch_log_group"]
    assert "/k" in project.succeed("aws", "status")
    private = private_folder(project.folder / project.work)
    assert (private / "terraform" / "providers").is_dir()
    beside = {path.name for path in project.outside.iterdir()}
    assert beside == {project.folder.name}, "nothing was written beside it"
    assert not (project.folder / WORKING / "aws").exists()

    name, aws = project.folder.name, project_state(project.folder)
    project.move("moved")
    for command in ("destroy", "deploy", "rehearse"):
        ended = project.run(command, "infra")
        assert ended.returncode == 2, ended.stdout + ended.stderr
        assert "not begun in this folder" in ended.stderr
        assert str(aws) in ended.stderr
    project.move(name)
    assert "still in the target: nothing" in project.succeed("destroy", "infra")
    assert not project.executed.exists()


def test_a_planted_state_is_not_destroyed(project: Project) -> None:
    """It names what another stack has deployed: a destroy would delete that."""
    resource = {
        "mode": "managed", "type": "aws_ssm_parameter", "name": "kept",
        "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
        "instances": [{"schema_version": 0, "attributes": {"id": "/k", "name": "/k"}}],
    }  # fmt: skip
    state = {"version": 4, "serial": 1, "lineage": "planted", "resources": [resource]}
    work = project.folder / project.work
    (work / "terraform.tfstate").write_text(json.dumps(state))
    (work / "plan.json").write_text("{}")
    shutil.copy(project.folder / "infra" / "main.tf.json", work / "terraform" / "main.tf.json")
    for command in ("destroy", "verify", "rehearse", "deploy"):
        ended = project.run(command, "infra")
        assert ended.returncode == 2, ended.stdout + ended.stderr
        assert "not begun in this folder" in ended.stderr
    assert not project.executed.exists()
