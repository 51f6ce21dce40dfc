"""Whoever is killed, and when: one command afterwards ends with nothing left.

The stack stops at a gate, a named pipe that a provisioner reads, so that a kill hits a known
moment: at `create` the resource exists in AWS and Terraform has not written its state yet.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from revet.embedded import stop_daemon
from revet.files import private_folder, project_state

pytestmark = pytest.mark.embedded

KILLS = tomllib.loads((Path(__file__).parent / "kills.toml").read_text("utf-8"))["kill"]
DEADLINE = 300.0
CONFIGURATION = """
fail_on = "none"
region = "eu-west-1"
[stacks.infra]
terraform = "infra"
[stacks.other]
terraform = "other"
"""


def _gate(folder: Path, name: str) -> str:
    """A command that says that it is there and waits, as long as the gate is shut.

    One process alone: Terraform ends the shell when it is interrupted, and no child of the shell.
    """
    shut, arrived = folder / f"{name}.shut", folder / f"{name}.at"
    return f"if test -e {shut}; then : > {arrived}; read x < {folder}/pipe; fi"


def _configuration(folder: Path, kind: str) -> dict[str, Any]:
    destroyed = {"command": _gate(folder, "destroy"), "when": "destroy"}
    groups = {
        "first": {"name": f"/{kind}/first"},
        "last": {
            "name": f"/{kind}/last",
            "depends_on": ["terraform_data.between"],
            "provisioner": [{"local-exec": {"command": _gate(folder, "create")}}],
        },
    }
    between = {
        "input": "${aws_cloudwatch_log_group.first.arn}",
        "provisioner": [{"local-exec": destroyed}],
    }
    return {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
        "provider": {"aws": [{"region": "eu-west-1"}]},
        "resource": {"aws_cloudwatch_log_group": groups, "terraform_data": {"between": between}},
    }


class Project:
    """A user's project, whose stacks stop at the gates that are shut."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "revet.toml").write_text(CONFIGURATION)
        os.mkfifo(folder / "pipe")
        for name, kind in (("infra", "kills"), ("other", "others")):
            (folder / name).mkdir()
            (folder / name / "main.tf.json").write_text(json.dumps(_configuration(folder, kind)))
        self.begun: list[subprocess.Popen[str]] = []

    @property
    def work(self) -> Path:
        return self.folder / ".revet" / "infra" / "rehearsal"

    @property
    def own_aws(self) -> Path:
        """The embedded AWS of a rehearsal, outside the project."""
        return private_folder(self.work) / "aws"

    def begin(self, *arguments: str) -> Run:
        allowed = ["--allow-provisioners"] if arguments[0] != "aws" else []  # they are the gates
        process = subprocess.Popen(
            [sys.executable, "-m", "revet.cli", *arguments, *allowed],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
            env={**os.environ, "NO_COLOR": "1"},
        )
        self.begun.append(process)
        return Run(process)

    def run(self, *arguments: str) -> tuple[int, str]:
        return self.begin(*arguments).ended()

    def succeed(self, *arguments: str) -> str:
        code, said = self.run(*arguments)
        assert code == 0, said
        return said

    def gate(self, name: str) -> Path:
        return self.folder / f"{name}.shut"

    def aws(self) -> int:
        record = json.loads((self.own_aws / "daemon.json").read_text())
        return int(record["pid"])


class Run:
    """A command that runs; all that it says is read."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.lines.extend(lines)

    def ended(self) -> tuple[int, str]:
        try:
            code = self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            pytest.fail(f"it does not end; it said: {''.join(self.lines)}")
        self._reader.join(DEADLINE)
        return code, "".join(self.lines)

    def terraform(self, step: str) -> psutil.Process | None:
        """Its Terraform in a step; only ever a child of the command that the test has begun."""
        for child in psutil.Process(self.process.pid).children():
            try:
                command = child.cmdline()
            except psutil.Error:
                continue
            if command[1:2] == [step] and Path(command[0]).name == "terraform":
                return child
        return None


def until(what: Callable[[], Any], run: Run) -> Any:  # noqa: ANN401 - whatever is waited for
    """Poll until there is something; fail when the command ends before, or in time."""
    end = time.monotonic() + DEADLINE
    while not (found := what()):
        assert run.process.poll() is None, "".join(run.lines)
        assert time.monotonic() < end, "".join(run.lines)
        threading.Event().wait(0.01)
    return found


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path)
    yield made
    for begun in made.begun:
        begun.kill()
        begun.wait()
    private = project_state(tmp_path)
    stop_daemon(private / "aws")
    left = [
        process
        for process in psutil.process_iter()
        if _works_in(process, tmp_path) or _works_in(process, private)
    ]
    for process in left:
        process.kill()
    assert left == [], "nothing goes on running"


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return str(folder) in process.cwd() or any(str(folder) in x for x in process.cmdline())
    except psutil.Error:
        return False


def _runs(process: psutil.Process) -> bool:
    """Whether it has not ended; who has adopted it may not have looked yet."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _stop_at(project: Project, run: Run, when: str) -> psutil.Process:
    """Wait until a command is where it is to be killed; returns its Terraform."""
    if when == "plan":
        found = until(lambda: run.terraform("plan"), run)
    else:
        until((project.folder / f"{when}.at").exists, run)
        found = run.terraform("apply" if when == "create" else "destroy")
    assert isinstance(found, psutil.Process)
    return found


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=f"{case['who']}-{case['when']}",
            marks=[pytest.mark.slow] if case.get("slow") else [],
        )
        for case in KILLS
    ],
)
def test_one_command_after_a_kill_leaves_nothing(project: Project, case: dict[str, Any]) -> None:
    gate = project.gate(case["when"])
    gate.touch()
    run = project.begin("rehearse", "infra")
    terraform = _stop_at(project, run, case["when"])
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
    assert not _runs(terraform)


def test_a_second_run_of_a_stack_is_refused_and_one_of_another_is_not(project: Project) -> None:
    project.gate("create").touch()
    first = project.begin("rehearse", "infra")
    _stop_at(project, first, "create")
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_rehearsal_that_is_kept_can_be_verified_kept_again_and_destroyed(
    project: Project,
) -> None:
    project.succeed("rehearse", "infra", "--keep")
    assert "/kills/first" in project.succeed("aws", "status")
    project.succeed("verify", "infra")
    assert "destroyed first" in project.succeed("rehearse", "infra", "--keep")
    assert "still in the target: nothing" in project.succeed("destroy", "infra")


@pytest.mark.parametrize("following", ["deploy", pytest.param("destroy", marks=pytest.mark.slow)])
def test_a_killed_deploy_goes_on_or_is_cleaned_up(project: Project, following: str) -> None:
    project.gate("create").touch()
    run = project.begin("deploy", "infra")
    terraform = _stop_at(project, run, "create")
    run.process.kill()
    run.ended()
    project.gate("create").unlink()
    project.succeed(following, "infra")
    assert not _runs(terraform)
    exists = project.succeed("aws", "status")
    assert ("/kills/last" in exists) == (following == "deploy")
    if following == "deploy":
        assert "still in the target: nothing" in project.succeed("destroy", "infra")
