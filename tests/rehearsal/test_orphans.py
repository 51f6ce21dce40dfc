"""What a killed run has left: who still holds the folder, and whose embedded AWS it was."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from revet.embedded import find_daemon, start_daemon, stop_daemon
from revet.files import clear_unfinished, private_folder, replace_file
from revet.model.errors import TargetError
from revet.rehearsal.disposable import copy_of, discard
from revet.rehearsal.lock import only_run
from revet.rehearsal.orphans import having_open
from revet.target.events import Event

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc elsewhere")
_KILLED = """
import os, pathlib, signal, subprocess, sys
from revet.rehearsal.lock import only_run
with only_run(pathlib.Path(sys.argv[1]), "rehearse tap") as inherit:
    child = subprocess.Popen(
        [sys.argv[2], "600"], pass_fds=inherit, process_group=0, stdout=subprocess.DEVNULL
    )
    print(child.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


class Orphan:
    """A process that a killed run has left."""

    def __init__(self, folder: Path, name: str) -> None:
        program = folder / name
        shutil.copy(shutil.which("sleep") or "sleep", program)
        done = subprocess.run(
            [sys.executable, "-c", _KILLED, str(folder), str(program)],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL
        self.pid = int(done.stdout)
        self._process = psutil.Process(self.pid)

    def runs(self) -> bool:
        try:
            return self._process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def end(self) -> None:
        if self.runs():
            self._process.kill()


@pytest.fixture
def orphans() -> Iterator[list[Orphan]]:
    made: list[Orphan] = []
    yield made
    for orphan in made:
        orphan.end()


@LINUX
def test_a_provider_without_its_terraform_is_ended(tmp_path: Path, orphans: list[Orphan]) -> None:
    orphans.append(Orphan(tmp_path, "terraform-provider-aws_v5"))
    pid = orphans[0].pid
    assert [process.pid for process in having_open(tmp_path / ".programs.lock")] == [pid]
    seen: list[str] = []
    with only_run(tmp_path, "x", observe=lambda event: seen.append(event.detail)):
        assert not orphans[0].runs()
    [said] = seen
    assert f"and terraform-provider-aws_v5 (process {pid}) still runs; waiting" in said


@LINUX
def test_anything_else_is_waited_for_and_never_ended(tmp_path: Path, orphans: list[Orphan]) -> None:
    orphans.append(Orphan(tmp_path, "terraform"))
    with pytest.raises(TargetError) as caught, only_run(tmp_path, "x", patience=0.3):
        pytest.fail("the folder is held")
    assert f"`kill {orphans[0].pid}`" in caught.value.do
    assert orphans[0].runs()

    def observe(event: Event) -> None:
        assert f"terraform (process {orphans[0].pid})" in event.detail
        orphans[0].end()

    with only_run(tmp_path, "x", observe=observe):
        assert not orphans[0].runs()


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    replace_file(path, "old")
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(TypeError):
        replace_file(path, None)  # type: ignore[arg-type]
    assert path.read_text() == "old"
    (tmp_path / ".verdict.json-12345678").touch()
    (tmp_path / ".lock").touch()
    clear_unfinished(tmp_path)
    assert sorted(item.name for item in tmp_path.iterdir()) == [".lock", "verdict.json"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "0 in its state"),
        ("{", "a broken state"),
        (
            json.dumps(
                {
                    "resources": [
                        {"mode": "managed", "instances": [{}, {}]},
                        {"mode": "data", "instances": [{}]},
                    ]
                }
            ),
            "2 in its state",
        ),
    ],
)
def test_what_is_found_is_said(tmp_path: Path, state: str | None, said: str) -> None:
    with only_run(tmp_path, "x"):
        private = private_folder(tmp_path)
        assert discard(private) == ""
        folder = copy_of(None, private)
        if state is not None:
            (folder / "terraform.tfstate").write_text(state)
        assert said in discard(private)
        assert not folder.exists()


def test_a_rehearsal_works_on_a_copy(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    theirs = start_daemon(shared)
    try:
        with only_run(tmp_path, "x"):
            private = private_folder(tmp_path)
            folder = copy_of(shared, private)
            own = start_daemon(folder)
            assert own.health()["restored"] is True
            assert own.run_id != theirs.run_id
            assert "0 in its state" in discard(private)
            assert find_daemon(folder) is None
        assert find_daemon(shared) == theirs
    finally:
        stop_daemon(shared)
