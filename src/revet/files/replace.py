"""The one writer of files that are there whole or not at all, however the run ends that writes."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

_PRIVATE = 0o600
_DRAFT = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_DRAFT |= sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"))


@contextlib.contextmanager
def replacing(
    path: Path,
    *,
    folder: int | None = None,
    mode: int = _PRIVATE,
    on_disk: bool = True,
    require: Callable[[], None] = lambda: None,
) -> Iterator[BinaryIO]:
    """Write a file under a name that nobody reads; it takes its own when the block has ended.

    A symbolic link in the file's place is replaced, not followed. When anything fails, what was
    there before is still there, and the draft is gone.

    Args:
        path: of the file, in a folder that exists.
        folder: an open folder that the path begins in, where the system has such.
        mode: permissions of the file; by default only its owner may read it.
        on_disk: whether the content must be on the disk before it takes the name: a power failure
            costs nothing then. Not worth its time for what can be made again.
        require: called right before the file takes its name; what it raises keeps it from that.

    Raises:
        OSError: it cannot be written.
    """
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, _DRAFT, _PRIVATE, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            if mode != _PRIVATE:
                os.chmod(descriptor if os.chmod in os.supports_fd else draft, mode)  # noqa: PTH101 - of the open file
            if on_disk:
                os.fsync(descriptor)
        require()
        os.replace(draft, path, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=folder)
        raise


def replace_file(path: Path, content: str | bytes, *, mode: int = _PRIVATE) -> None:
    """Write a file in one step; a full disk leaves what was there before.

    Args:
        path: of the file, in a folder that exists.
        content: text is written as UTF-8.
        mode: permissions of the file; by default only its owner may read it.

    Raises:
        OSError: it cannot be written; what was there before is still there.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        with replacing(path, mode=mode) as file:
            file.write(data)
    except OSError as error:  # `write(2)` says no name, and that of the draft says nothing
        raise OSError(error.errno, error.strerror, str(path)) from error


def clear_unfinished(folder: Path) -> None:
    """Remove what a killed `replacing` has left in a folder.

    Args:
        folder: that no other run works in.
    """
    for path in folder.glob(".*.*-????????"):
        path.unlink(missing_ok=True)
