"""Files of the user, read and replaced below a folder without following a link out of it.

Where the system has it (POSIX), each folder on the way is opened as a link-refusing step from the
one before, so that a link planted at any moment is an error and not a way out. On Windows each step
is checked by its name instead.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from revet.files.replace import replacing

_STEPS = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_SAFELY = sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_BINARY")
)
_FOLDER = _SAFELY | getattr(os, "O_DIRECTORY", 0)


class NotAFileError(OSError):
    """A link, folder, pipe or device is where a file should be."""


class TooLargeError(OSError):
    """A file has more bytes than were asked for."""


class ChangedError(OSError):
    """A file is not the one that was read."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it was read.

    Args:
        data: its bytes.
        found: what the system knew of it then.
    """

    data: bytes
    found: os.stat_result

    @property
    def names(self) -> int:
        """How many hard links lead to it."""
        return self.found.st_nlink

    @property
    def read_only(self) -> bool:
        """Whether its owner may not write it, whoever asks."""
        return not self.found.st_mode & stat.S_IWUSR


def read_inside(root: Path, parts: tuple[str, ...], limit: int) -> Content:
    """Read a file below a folder.

    Args:
        root: the folder; links on the way to it are followed.
        parts: the way from there; no part may be a link.
        limit: of bytes.

    Raises:
        NotAFileError: a link is on the way, or it is not a regular file.
        TooLargeError: it is larger.
        OSError: it cannot be read.
    """
    with _place(root, parts) as (folder, name):
        return _read(folder, name, limit)


def replace_inside(root: Path, parts: tuple[str, ...], before: Content, data: bytes) -> None:
    """Replace a file below a folder in one step, if it is still the one that was read.

    Mode, owner and group stay. What cannot be kept is an error.

    Args:
        root: the folder; links on the way to it are followed.
        parts: the way from there; no part may be a link.
        before: the file as `read_inside` returned it.
        data: the new content.

    Raises:
        NotAFileError: a link was planted on the way.
        ChangedError: somebody wrote, replaced or removed the file since.
        OSError: it cannot be written; what was there before is still there.
    """
    with _place(root, parts) as (folder, name):
        same = functools.partial(_require_same, folder, name, before)
        with replacing(Path(name), folder=folder, require=same) as file:
            file.write(data)
            if os.name == "posix":
                _keep(file.fileno(), before.found)


def _keep(descriptor: int, found: os.stat_result) -> None:
    made = os.fstat(descriptor)
    if (made.st_uid, made.st_gid) != (found.st_uid, found.st_gid):
        os.fchown(descriptor, found.st_uid, found.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(found.st_mode))


def _require_same(folder: int | None, name: str, before: Content) -> None:
    try:
        now = _read(folder, name, len(before.data))
    except (NotAFileError, TooLargeError, FileNotFoundError) as error:
        raise ChangedError(errno.EAGAIN, "it changed after it was read") from error
    if _identity(now.found) != _identity(before.found) or now.data != before.data:
        raise ChangedError(errno.EAGAIN, "it changed after it was read")


def _identity(found: os.stat_result) -> tuple[int, ...]:
    return (
        *(found.st_dev, found.st_ino, found.st_mode, found.st_nlink),
        *(found.st_uid, found.st_gid, found.st_size, found.st_mtime_ns),
    )


def _read(folder: int | None, name: str, limit: int) -> Content:
    try:
        if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise NotAFileError(errno.EINVAL, "it is not a regular file")
        descriptor = os.open(name, os.O_RDONLY | _SAFELY, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotAFileError(errno.ELOOP, "it is a symbolic link") from error
        raise
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise NotAFileError(errno.EINVAL, "it is not a regular file")
        data = file.read(limit + 1)
        if len(data) > limit:
            raise TooLargeError(errno.EFBIG, f"it has more than {limit:,} bytes")
        return Content(data, found)


@contextlib.contextmanager
def _place(root: Path, parts: tuple[str, ...]) -> Iterator[tuple[int | None, str]]:
    """The open folder of a file and the file's name in it; without steps, None and the path."""
    if not _STEPS:
        for depth in range(1, len(parts)):
            _require_folder(root.joinpath(*parts[:depth]))
        yield None, str(root.joinpath(*parts))
        return
    folder = os.open(root, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        for part in parts[:-1]:
            try:
                below = os.open(part, _FOLDER, dir_fd=folder)
            except OSError as error:
                if error.errno in {errno.ELOOP, errno.ENOTDIR}:
                    message = f"`{part}` on the way to it is a symbolic link or not a folder"
                    raise NotAFileError(errno.ELOOP, message) from error
                raise
            os.close(folder)
            folder = below
        yield folder, parts[-1]
    finally:
        os.close(folder)


def _require_folder(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        message = f"`{path.name}` on the way to it is a symbolic link or not a folder"
        raise NotAFileError(errno.ELOOP, message)
