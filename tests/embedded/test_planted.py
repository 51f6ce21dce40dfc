"""A snapshot is a pickle, and reading one executes code: only what revet left there is read."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from revet.embedded import copy_state, snapshot, start_daemon
from revet.embedded.sealed import FILE_NAME, read_state, write_state
from revet.files import (
    STATE_VARIABLE,
    make_private_folder,
    project_state,
    replace_file,
    seal,
    state_root,
)
from revet.model.errors import InputError, PrerequisiteError


class _Touches:
    """What executes a command when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, (str(self.path),))


@pytest.fixture
def executed(tmp_path: Path) -> Path:
    """A folder that is there when a planted pickle was read."""
    return tmp_path / "executed"


@pytest.fixture
def hostile(executed: Path) -> bytes:
    """A snapshot of the right versions, whose pickle executes a command."""
    return json.dumps(snapshot.header()).encode() + b"\n" + pickle.dumps(_Touches(executed))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a project's embedded AWS."""
    found = project_state(tmp_path / "project") / "aws"
    make_private_folder(found)
    return found


def _of_another_key(folder: Path, hostile: bytes, monkeypatch: pytest.MonkeyPatch) -> bytes:
    with monkeypatch.context() as other:
        other.setenv(STATE_VARIABLE, str(folder.parent / "another user"))
        write_state(folder, hostile)
    return (folder / FILE_NAME).read_bytes()


def _of_another_project(folder: Path, hostile: bytes, _: pytest.MonkeyPatch) -> bytes:
    other = folder.with_name("other")
    make_private_folder(other)
    write_state(other, hostile)
    return (other / FILE_NAME).read_bytes()


def _written(folder: Path, hostile: bytes) -> bytes:
    write_state(folder, hostile)
    return (folder / FILE_NAME).read_bytes()


PLANTED: dict[str, Callable[[Path, bytes, pytest.MonkeyPatch], bytes]] = {
    "unsealed": lambda _, hostile, __: hostile,
    "with zeros for a mark": lambda _, hostile, __: bytes(32) + hostile,
    "sealed with another key": _of_another_key,
    "sealed for another purpose": lambda _, hostile, __: seal(hostile, "verdict"),
    "sealed without the folder": lambda _, hostile, __: seal(hostile, "state of the embedded AWS"),
    "copied from another project": _of_another_project,
    "cut off": lambda folder, hostile, _: _written(folder, hostile)[:-1],
    "cut off in the mark": lambda folder, hostile, _: _written(folder, hostile)[:31],
    "with something appended": lambda folder, hostile, _: _written(folder, hostile) + b".",
    "with another header": lambda folder, hostile, _: _written(folder, hostile).replace(
        b'"format": 3', b'"format": 4'
    ),
    "an older revet's": lambda _, hostile, __: hostile.replace(b'"format": 3', b'"format": 1'),
    "empty": lambda *_: b"",
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_snapshot_is_refused_before_it_is_read(
    folder: Path, hostile: bytes, executed: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    content = PLANTED[what](folder, hostile, monkeypatch)
    replace_file(folder / FILE_NAME, content)
    with pytest.raises(InputError, match="did not write this state") as refused:
        snapshot.load(folder)
    assert refused.value.where == str(folder / FILE_NAME)
    target = folder.with_name("copy")
    make_private_folder(target)
    with pytest.raises(InputError):
        copy_state(folder, target)
    assert list(target.iterdir()) == []
    assert not executed.exists()
    assert (folder / FILE_NAME).read_bytes() == content, "it is left for the user to look at"


def test_the_attack_would_work_on_a_snapshot_that_is_believed(
    folder: Path, hostile: bytes, executed: Path
) -> None:
    write_state(folder, hostile)
    with pytest.raises(TypeError):
        snapshot.load(folder)
    assert executed.exists()


@pytest.mark.parametrize("how", ["readable", "a link", "a second name"])
def test_a_snapshot_that_is_not_private_is_refused(
    folder: Path, tmp_path: Path, hostile: bytes, executed: Path, how: str
) -> None:
    write_state(folder, hostile)
    path = folder / FILE_NAME
    if how == "readable":
        path.chmod(0o644)
    elif how == "a link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    else:
        os.link(path, tmp_path / "elsewhere")
    with pytest.raises(PrerequisiteError, match="not private"):
        snapshot.load(folder)
    assert not executed.exists()


def test_what_was_written_is_read_and_copied_and_only_there(folder: Path) -> None:
    assert read_state(folder) is None
    assert copy_state(folder, folder) is False
    size = write_state(folder, b"content")
    assert size == (folder / FILE_NAME).stat().st_size
    assert read_state(folder) == b"content"
    target = folder.with_name("copy")
    make_private_folder(target)
    assert copy_state(folder, target) is True
    assert read_state(target) == b"content"
    shutil.copy(folder / FILE_NAME, target / FILE_NAME)
    with pytest.raises(InputError):
        read_state(target)


def test_a_daemon_does_not_start_on_a_planted_snapshot(
    folder: Path, hostile: bytes, executed: Path
) -> None:
    replace_file(folder / FILE_NAME, hostile)
    with pytest.raises(InputError, match="did not write this state") as refused:
        start_daemon(folder)
    assert refused.value.where == str(folder / FILE_NAME)
    assert "remove it" in refused.value.do
    assert not executed.exists()
    assert not (folder / "daemon.json").exists()


@pytest.mark.parametrize("name", ["daemon.log", "daemon.lock", "ca.pem", "snapshot.bin"])
def test_nothing_is_written_through_a_link(state: Path, tmp_path: Path, name: str) -> None:
    """Whatever a link in the folder leads to keeps its content, whether or not it starts."""
    outside = tmp_path / "outside"
    outside.write_text("mine")
    make_private_folder(state)
    (state / name).symlink_to(outside)
    if name == "ca.pem":
        start_daemon(state)
    else:
        with pytest.raises(PrerequisiteError, match="not private"):
            start_daemon(state)
    assert outside.read_text() == "mine"


def test_nothing_of_the_folder_that_it_is_started_in_is_loaded(
    state: Path, tmp_path: Path, executed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m` puts the current folder first, and an empty entry of `PYTHONPATH` means it."""
    text = f"import os\nos.makedirs({str(executed)!r}, exist_ok=True)\nraise SystemExit(9)\n"
    for name in ("json", "moto", "revet", "cloudpickle", "argparse", "boto3", "werkzeug", "yaml"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(text)
    for name in ("sitecustomize", "usercustomize", "conftest"):
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f":{os.environ.get('PYTHONPATH', '')}:.")
    daemon = start_daemon(state)
    assert daemon.inventory() == {}
    assert not executed.exists()


def test_the_key_lies_outside_of_the_project(tmp_path: Path, folder: Path) -> None:
    write_state(folder, b"content")
    assert (state_root() / "seal.key").is_file()
    assert not state_root().is_relative_to(tmp_path)
    assert not any("seal" in path.name for path in folder.rglob("*"))
