"""Nobody else's file is read, and none of ours is left open."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from revet.files import make_private_folder, open_private, read_private, require_private
from revet.model.errors import PrerequisiteError

POSIX = pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX's")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    path.chmod(0o600)
    return path


def link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def second_name(path: Path) -> None:
    os.link(path, path.with_name("second"))


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir(mode=0o700)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


PLANTED: dict[str, Callable[[Path], None]] = {
    "a link": link,
    "a second name": second_name,
    "readable by the group": lambda path: path.chmod(0o640),
    "writable by all": lambda path: path.chmod(0o602),
    "of another user": lambda path: os.chown(path, 12345, -1),
}


@POSIX
@pytest.mark.parametrize("what", PLANTED)
def test_what_is_not_private_is_refused(file: Path, what: str) -> None:
    if what == "of another user" and os.getuid() != 0:
        pytest.skip("only root can give a file away")
    PLANTED[what](file)
    with pytest.raises(PrerequisiteError, match="not private") as refused:
        require_private(file)
    assert refused.value.where == str(file)
    with pytest.raises(PrerequisiteError):
        read_private(file)


@POSIX
@pytest.mark.parametrize("plant", [folder, pipe])
def test_what_is_no_file_is_not_read(file: Path, plant: Callable[[Path], None]) -> None:
    plant(file)
    with pytest.raises(PrerequisiteError):
        read_private(file)


def test_private_files_are_read(file: Path) -> None:
    require_private(file)
    assert read_private(file) == b"content"
    with pytest.raises(FileNotFoundError):
        read_private(file.with_name("missing"))


@POSIX
def test_a_file_of_ours_that_is_written_is_closed_first(file: Path) -> None:
    file.chmod(0o644)
    os.close(open_private(file, os.O_WRONLY | os.O_APPEND))
    assert file.stat().st_mode & 0o777 == 0o600


@POSIX
def test_a_link_is_never_written_through(file: Path) -> None:
    link(file)
    with pytest.raises(PrerequisiteError, match="not private"):
        open_private(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    assert file.with_name("elsewhere").read_bytes() == b"content"


@POSIX
def test_folders_are_made_or_made_private(tmp_path: Path) -> None:
    made = tmp_path / "a" / "b"
    make_private_folder(made)
    assert (made.stat().st_mode & 0o777, made.parent.stat().st_mode & 0o777) == (0o700, 0o700)
    made.chmod(0o777)
    make_private_folder(made)
    assert made.stat().st_mode & 0o777 == 0o700


@POSIX
def test_a_linked_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(PrerequisiteError, match="not private"):
        make_private_folder(tmp_path / "link")


def test_a_file_in_the_way_of_a_folder_is_said(file: Path) -> None:
    for path in (file, file / "inner"):
        with pytest.raises(PrerequisiteError):
            make_private_folder(path)
