"""Nothing goes on running by itself: whoever of revet, Terraform and its target is killed."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from revet.model.errors import PrerequisiteError
from revet.target import process
from revet.target.process import run

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is Linux's")
_PARENT = """
import os, signal, sys
from pathlib import Path
from revet.target.process import run

def on_line(line):
    print(line, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

run([sys.executable, "-c", sys.argv[1]], directory=Path.cwd(), environment=dict(os.environ),
    on_line=on_line)
"""
_STOPS_GRACEFULLY = """
import os, pathlib, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
print(os.getpid(), flush=True)
signal.sigwait([signal.SIGINT])
for _ in range(1000):
    print("what Terraform says while it stops" * 10, flush=True)
pathlib.Path("state").write_text("whole")
"""


def until(what: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        threading.Event().wait(0.01)


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@LINUX
def test_terraform_of_a_killed_revet_stops_and_writes_its_state(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PARENT, _STOPS_GRACEFULLY],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    pid = int(done.stdout)
    until(lambda: not runs(pid))
    assert (tmp_path / "state").read_text() == "whole"


def test_the_providers_of_a_killed_terraform_are_ended(tmp_path: Path) -> None:
    """One that keeps the output open must not be waited for."""
    program = (
        "import os, signal, subprocess\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        "print(child.pid, flush=True)\n"
        "print('its last word', end='', flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    lines: list[str] = []
    ended = run(
        [sys.executable, "-c", program],
        directory=tmp_path,
        environment=dict(os.environ),
        on_line=lines.append,
    )
    assert ended.code == -signal.SIGKILL
    assert lines[1:] == ["its last word"]
    until(lambda: not runs(int(lines[0])))


def test_what_an_ended_program_has_left_running_is_not_waited_for(tmp_path: Path) -> None:
    lines: list[str] = []
    ended = run(
        ["/bin/sh", "-c", "sleep 600 & echo $!"],
        directory=tmp_path,
        environment=dict(os.environ),
        on_line=lines.append,
    )
    assert ended.code == 0
    assert runs(int(lines[0])), "it has ended by itself: what it started is its own affair"
    os.kill(int(lines[0]), signal.SIGKILL)


@pytest.mark.parametrize("early", [True, False], ids=["gone before", "gone meanwhile"])
def test_a_program_is_stopped_when_what_it_needs_has_gone(tmp_path: Path, *, early: bool) -> None:
    ours, theirs = socket.socketpair()
    if early:
        theirs.close()

    def on_line(line: str) -> None:
        assert line == "ready"
        theirs.close()

    with ours:
        ended = run(
            ["/bin/sh", "-c", "echo ready; exec sleep 600"],
            directory=tmp_path,
            environment=dict(os.environ),
            on_line=on_line,
            lifeline=ours.fileno(),
        )
    assert ended.lost
    assert ended.interrupts == 0
    assert ended.code == -signal.SIGINT


def test_a_program_that_does_not_stop_then_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_GRACE_SECONDS", 0.05)
    ours, theirs = socket.socketpair()
    lines: list[str] = []

    def on_line(line: str) -> None:
        lines.append(line)
        theirs.close()

    with ours:
        ended = run(
            ["/bin/sh", "-c", "trap '' INT; sleep 600 & echo $!; while :; do wait; done"],
            directory=tmp_path,
            environment=dict(os.environ),
            on_line=on_line,
            lifeline=ours.fileno(),
        )
    assert ended.lost
    assert ended.code == -signal.SIGKILL
    until(lambda: not runs(int(lines[0])))


def test_where_no_process_can_be_waited_for_as_a_file_a_thread_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(pid: int) -> int:
        raise OSError(errno.ENOSYS, str(pid))

    if sys.platform == "linux":
        monkeypatch.setattr(os, "pidfd_open", missing)
    test_the_providers_of_a_killed_terraform_are_ended(tmp_path)


def test_a_program_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "terraform"
    broken.write_text("no program")
    with pytest.raises(PrerequisiteError, match="cannot be started") as caught:
        run([str(broken)], directory=tmp_path, environment={}, on_line=print)
    assert caught.value.got == "permission denied"
