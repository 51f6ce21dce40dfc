"""The machine fails while Terraform works: each command ends clean, or says what goes on."""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.deploy.gated import DEADLINE, Project, Run, project_in, stop_at

from revet.files import STATE_VARIABLE

pytestmark = pytest.mark.embedded

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = 65534
KILLED = ("rehearse", "deploy", "destroy")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_in(tmp_path / "project") as made:
        yield made


def _clear(said: str) -> None:
    assert "Traceback" not in said
    assert "revet itself failed" not in said


def _end(project: Project, said: str) -> None:
    """Go on as the last command said until nothing is left; it may take one command only."""
    code, last = project.run("destroy", "infra")
    _clear(last)
    if "nothing was deployed from here" in last:
        code = 0
    elif code != 0:
        assert re.search(r"left|not known", last), last
        again = re.findall(r"do: .*?`(?:revet )?([a-z]+ [^`]*)`", last)
        assert again, f"no command goes on: {last}"
        code, last = project.run(*again[-1].split())
    assert code == 0, f"{said}\n{last}"
    code, exists = project.run("aws", "status")
    assert "/kills/" not in exists
    assert code == 0 or "the embedded AWS does not run" in exists


# --- kills at any moment -------------------------------------------------------------------------


def _victims(project: Project, run: Run, who: str) -> list[psutil.Process]:
    """The processes that are killed, of the command that the test has begun."""
    try:
        command = psutil.Process(run.process.pid)
        below = command.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    if who == "terraform":
        return [one for one in below if _named(one, "terraform")]
    if who == "everything":
        return [command, *below]
    if who == "aws":
        return [one for one in below if any("revet.embedded" in word for word in _words(one))]
    return [command]


def _named(process: psutil.Process, name: str) -> bool:
    return Path((_words(process) or [""])[0]).name == name


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_a_kill_at_any_moment_is_ended_by_one_command(project: Project, seed: int) -> None:
    chance = random.Random(f"kill {seed}")  # noqa: S311 - a case, not a secret
    command = KILLED[seed % len(KILLED)]
    who = chance.choice(("revet", "terraform", "aws", "everything"))
    if command == "destroy":
        project.succeed("deploy", "infra")
    begun = time.monotonic()
    project.succeed("rehearse", "other")
    usual = time.monotonic() - begun
    run = project.begin(command, "infra")
    try:
        run.process.wait(chance.uniform(0, 0.9) * usual)
    except subprocess.TimeoutExpired:
        for one in _victims(project, run, who):
            one.send_signal(signal.SIGKILL)
    _, said = run.ended()
    _clear(said)
    _end(project, f"{command}, {who} killed: {said}")


# --- a disk without room -------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system that a test can fill."""
    where = tmp_path / "disk"
    where.mkdir()
    if not (ROOT and sys.platform == "linux" and shutil.which("mount")):
        pytest.skip("a small file system is mounted by root on Linux only")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(where)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"no small file system can be mounted: {done.stderr.strip()}")
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)


def _fill(folder: Path) -> Path:
    """Take all the room of a file system."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                assert error.errno == errno.ENOSPC  # noqa: PT017 - the point of it
    return path


@pytest.fixture(params=["project", "project and state"])
def on_small_disk(
    request: pytest.FixtureRequest, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Project]:
    if request.param != "project":
        monkeypatch.setenv(STATE_VARIABLE, str(small_disk / "state"))
    with project_in(small_disk / "project") as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("command", ["deploy", "rehearse"])
def test_a_disk_that_fills_up_in_the_middle_loses_nothing(
    on_small_disk: Project, small_disk: Path, command: str
) -> None:
    project = on_small_disk
    project.gate("create").touch()
    run = project.begin(command, "infra")
    stop_at(project, run, "create")
    filler = _fill(small_disk)
    (project.folder / "pipe").write_text("go\n")
    code, said = run.ended()
    _clear(said)
    assert code == 2, said
    assert "no space left on device" in said
    filler.unlink()
    project.gate("create").unlink()
    _end(project, said)


def test_a_disk_without_room_is_said_before_anything_is_made(
    on_small_disk: Project, small_disk: Path
) -> None:
    filler = _fill(small_disk)
    code, said = on_small_disk.run("deploy", "infra")
    _clear(said)
    assert code in (2, 3), said
    assert "no space left on device" in said
    filler.unlink()
    _end(on_small_disk, said)


# --- a folder that may not be written, and another user ------------------------------------------


@pytest.fixture
def read_only(small_disk: Path) -> Iterator[Project]:
    """A project on a file system that is mounted for reading only, with a deployment before."""
    with project_in(small_disk / "project") as made:
        yield made
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)


def test_a_project_that_may_not_be_written_is_named(read_only: Project, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for command in KILLED:
        code, said = read_only.run(command, "infra")
        _clear(said)
        assert code == 3, said
        assert str(small_disk / "project") in said
        assert re.search("read-only file system|nothing was deployed from here", said), said
        assert re.search("  do  +.", said), said


def _as_nobody() -> list[str]:
    """What runs a program as another user, who may read where Python is installed."""
    if not (ROOT and sys.platform == "linux" and shutil.which("setpriv")):
        pytest.skip("only root can be another user, on Linux with setpriv")
    allowed = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *allowed]


def _call_as_nobody(project: Project, state: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [*_as_nobody(), sys.executable, "-m", "revet.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=project.folder,
        timeout=DEADLINE,
        env={**os.environ, "NO_COLOR": "1", "HOME": str(state), STATE_VARIABLE: str(state)},
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def of_nobody(tmp_path: Path) -> Path:
    """A folder of the other user's."""
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(folder.stat().st_mode | 0o011)
    made = tmp_path / "nobody"
    made.mkdir(mode=0o700)
    os.chown(made, NOBODY, NOBODY)
    return made


@pytest.mark.skipif(not ROOT, reason="only root can be another user")
@pytest.mark.slow
@pytest.mark.parametrize("command", KILLED)
def test_another_user_neither_writes_nor_believes_what_is_not_theirs(
    project: Project, of_nobody: Path, command: str
) -> None:
    code, said = _call_as_nobody(project, of_nobody, command, "infra")
    _clear(said)
    assert code == 3, said
    assert re.search("permission denied|nothing was deployed from here", said), said
    project.succeed("rehearse", "infra", "--keep")
    code, said = _call_as_nobody(project, of_nobody, command, "infra")
    _clear(said)
    assert code == 3, said
    assert "do        make it writable" in said
    _end(project, said)


@pytest.mark.skipif(not ROOT, reason="only root can be another user")
def test_the_state_of_one_user_is_refused_by_another(project: Project) -> None:
    project.succeed("aws", "start")
    state = Path(os.environ[STATE_VARIABLE])
    code, said = _call_as_nobody(project, state, "aws", "status")
    _clear(said)
    assert code == 3, said
    assert "belongs to" in said
