"""A project whose stacks stop where a test wants it, and commands that run in it.

A stack stops at a gate, a named pipe that a provisioner reads, so that what a test does hits a
known moment: at `create` the resource exists in AWS and Terraform has not written its state yet.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from revet.embedded import stop_daemon
from revet.files import private_folder, project_state

SOON = 10
"""Seconds that a process may take to end once nothing needs it."""
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


@contextlib.contextmanager
def project_in(folder: Path) -> Iterator[Project]:
    """A project in a folder; afterwards nothing of it may go on running."""
    made = Project(folder)
    yield made
    for begun in made.begun:
        begun.kill()
        begun.wait()
    private = project_state(folder)
    stop_daemon(private / "aws")
    found = {
        process: _shown(process)
        for process in psutil.process_iter()
        if _works_in(process, folder) or _works_in(process, private)
    }
    _, left = psutil.wait_procs(list(found), timeout=SOON)  # a provider ends just after Terraform
    for process in left:
        process.kill()
    assert not left, f"nothing goes on running: {[found[process] for process in left]}"


def _shown(process: psutil.Process) -> str:
    try:
        return f"{process.status()} {process.ppid()} {' '.join(process.cmdline())}"
    except psutil.Error as error:
        return str(error)


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return str(folder) in process.cwd() or any(str(folder) in x for x in process.cmdline())
    except psutil.Error:
        return False


def runs(process: psutil.Process) -> bool:
    """Whether it has not ended; who has adopted it may not have looked yet."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def stop_at(project: Project, run: Run, when: str) -> psutil.Process:
    """Wait until a command is where it is to be killed; returns its Terraform."""
    if when == "plan":
        found = until(lambda: run.terraform("plan"), run)
    else:
        until((project.folder / f"{when}.at").exists, run)
        found = run.terraform("apply" if when == "create" else "destroy")
    assert isinstance(found, psutil.Process)
    return found
