"""Files that are there whole or not at all, however the run ends that writes them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_PRIVATE = 0o600


def replace_file(path: Path, content: str | bytes, *, mode: int = _PRIVATE) -> None:
    """Write a file in one step; a full disk leaves what was there before.

    The new content is on the disk before it takes the name. A symbolic link in the file's place is
    replaced, not followed.

    Args:
        path: of the file, in a folder that exists.
        content: text is written as UTF-8.
        mode: permissions of the file; by default only its owner may read it.

    Raises:
        OSError: it cannot be written; what was there before is still there.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except OSError as error:
        raise _named(error, path) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode != _PRIVATE:
            Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _named(error, path) from error
        raise


def _named(error: OSError, path: Path) -> OSError:
    """The error with the file's own name; `write(2)` says none, and its draft's says nothing."""
    return OSError(error.errno, error.strerror, str(path))


def clear_unfinished(folder: Path) -> None:
    """Remove what a killed `replace_file` has left in a folder.

    Args:
        folder: that no other run works in.
    """
    for path in folder.glob(".*.*-????????"):
        path.unlink(missing_ok=True)
