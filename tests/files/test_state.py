"""Each project has one state folder, outside of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from revet.files import STATE_VARIABLE, project_state, replace_file, state_root
from revet.model.errors import PrerequisiteError


def test_the_same_folder_has_the_same_state(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "link").symlink_to("project")
    found = {project_state(tmp_path / name) for name in ("project", "link", "project/../link")}
    assert len(found) == 1
    folder = found.pop()
    assert folder.is_dir()
    assert not folder.is_relative_to(tmp_path / "project")
    assert folder != project_state(tmp_path)


def test_any_name_of_a_folder_serves(tmp_path: Path) -> None:
    names = [b"caf\xe9", "\u00fc n\u00ee".encode(), b"a" * 200, b"..b", b"a;b"]
    folders = set()
    for name in names:
        folder = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name)))  # noqa: PTH118
        folder.mkdir()
        state = project_state(folder)
        assert state.name.isascii()
        folders.add(state)
    assert len(folders) == len(names)


@pytest.mark.parametrize("named", ["relative", "./x", "~/x"])
def test_a_relative_place_is_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_VARIABLE, named)
    with pytest.raises(PrerequisiteError, match="absolute"):
        state_root()


def test_by_default_it_follows_the_operating_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(STATE_VARIABLE)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert state_root().is_relative_to(tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_file_that_cannot_be_written_whole_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    replace_file(path, "before")
    opened = os.open

    def full(name: Path, flags: int, mode: int, **options: int | None) -> int:
        os.close(opened(name, flags, mode, **options))
        return opened("/dev/full", os.O_WRONLY)

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(OSError, match="space"):
        replace_file(path, "after")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
