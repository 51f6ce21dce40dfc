"""The kernel keeps a program and its children from what lies behind the wall."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest
from tests.target.landlock import build_possible

from revet.target.process import run
from revet.target.wall import Wall

_TRIES = """
import pathlib, socket, subprocess, sys
own, other, inside, outside = sys.argv[1:]
for port in (own, other):
    try:
        socket.create_connection(("127.0.0.1", int(port))).close()
        print("reached")
    except OSError as error:
        print(type(error).__name__)
for folder in (inside, outside):
    try:
        pathlib.Path(folder, "written").write_text("x")
        print("written")
    except OSError as error:
        print(type(error).__name__)
pathlib.Path("/dev/null").write_text("x")
pathlib.Path(outside, "readable").read_text()
code = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])))"
print(subprocess.run([sys.executable, "-c", code, other], stderr=subprocess.DEVNULL).returncode)
"""


@pytest.mark.skipif(not build_possible(), reason="a kernel without Landlock's network rules")
def test_a_wall_holds_for_a_program_and_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, outside, temporary = (tmp_path / name for name in ("in", "out", "temporary"))
    for folder in (inside, outside, temporary):
        folder.mkdir()
    (outside / "readable").write_text("")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(temporary))
    lines: list[str] = []
    with (
        socket.create_server(("127.0.0.1", 0)) as own,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        ports = [str(server.getsockname()[1]) for server in (own, other)]
        argv = [sys.executable, "-c", _TRIES, *ports, str(inside), str(outside)]
        for wall in (None, Wall(int(ports[0]), (inside, tmp_path / "absent"))):
            ended = run(
                argv,
                directory=tmp_path,
                environment=os.environ,
                on_line=lines.append,
                wall=wall,
            )
            assert ended.code == 0, lines
    assert lines[:5] == ["reached", "reached", "written", "written", "0"], "nothing else stops it"
    assert lines[5:] == ["reached", "PermissionError", "written", "PermissionError", "1"]
