"""Files and folders that nobody but their owner can read, write or have planted.

On systems without POSIX owners and modes (Windows) only the checks for links remain: there, the
user's profile folder is protected by its access control list.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from revet.model.errors import PrerequisiteError, reason

_OTHERS = 0o077
_SAFELY = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK"))
"""No link is followed, no program inherits the file, no pipe makes us wait."""


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter, or close one of ours that is open to others.

    Args:
        folder: missing parents are made alike.

    Raises:
        PrerequisiteError: it is a link, belongs to somebody else, or cannot be made.
    """
    try:
        for part in reversed((folder, *folder.parents)):
            if not part.exists() and not part.is_symlink():
                part.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        _require_own(folder, found, "folder")
        if os.name == "posix" and stat.S_IMODE(found.st_mode) & _OTHERS:
            folder.chmod(0o700)
    except OSError as error:
        raise _unusable(folder, error) from error


def require_private(path: Path) -> None:
    """Refuse a file or folder that somebody else could have written.

    Args:
        path: a file or folder that exists.

    Raises:
        PrerequisiteError: it is a link or a file with several names, belongs to somebody else,
            others can read or write it, or it is not there.
    """
    try:
        found = path.lstat()
    except OSError as error:
        raise _unusable(path, error) from error
    _require_own(path, found, "folder" if stat.S_ISDIR(found.st_mode) else "file")
    _require_closed(path, found)


def open_private(path: Path, flags: int) -> int:
    """Open a private file, made with mode 0600 where the flags create it.

    What is opened is what is checked: no link is followed, and there is no moment in which the
    file could be exchanged.

    Args:
        path: of the file, in a private folder.
        flags: as of `os.open`.

    Returns:
        the open file's descriptor, not inherited by programs.

    Raises:
        FileNotFoundError: it is not there, and the flags do not create it.
        PrerequisiteError: as of `require_private`; modes of a file of ours that is to be written
            are corrected instead.
    """
    try:
        descriptor = os.open(path, flags | _SAFELY, 0o600)
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _refused(path, "a symbolic link", "a file of its own") from error
        raise _unusable(path, error) from error
    try:
        found = os.fstat(descriptor)
        _require_own(path, found, "file")
        if flags & (os.O_WRONLY | os.O_RDWR) and os.name == "posix":
            os.fchmod(descriptor, 0o600)
        else:
            _require_closed(path, found)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_private(path: Path) -> bytes:
    """The content of a private file.

    Raises:
        FileNotFoundError: it is not there.
        PrerequisiteError: as of `require_private`.
    """
    with os.fdopen(open_private(path, os.O_RDONLY), "rb") as file:
        return file.read()


def _require_own(path: Path, found: os.stat_result, kind: str) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise _refused(path, "a symbolic link", f"a {kind} of its own")
    fits = stat.S_ISDIR(found.st_mode) if kind == "folder" else stat.S_ISREG(found.st_mode)
    if not fits:
        raise _refused(path, "something else", f"a {kind}")
    if kind == "file" and found.st_nlink > 1:
        raise _refused(path, f"a file with {found.st_nlink} names", "a file of its own")
    if hasattr(os, "getuid") and found.st_uid != os.getuid():
        raise _refused(path, f"it belongs to user {found.st_uid}", f"user {os.getuid()}")


def _require_closed(path: Path, found: os.stat_result) -> None:
    mode = stat.S_IMODE(found.st_mode)
    if os.name == "posix" and mode & _OTHERS:
        raise _refused(path, f"mode {mode:04o}", "that nobody but its owner can read or write it")


def _refused(path: Path, got: str, expected: str) -> PrerequisiteError:
    return PrerequisiteError(
        "a file or folder of revet's own is not private",
        where=str(path),
        got=got,
        expected=expected,
        do="look who made it; if it is not needed, remove it and run this again",
    )


def _unusable(path: Path, error: OSError) -> PrerequisiteError:
    return PrerequisiteError(
        "a file or folder of revet's own cannot be used",
        where=str(path),
        got=reason(error),
        expected="a place that the user who runs revet may write to",
        do="make it writable, or choose another place with `REVET_STATE_DIR`",
    )
