"""One run at a time in one working folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from revet.model.errors import TargetError

_FILE = ".lock"


@contextmanager
def only_run(folder: Path, action: str) -> Iterator[None]:
    """Hold a working folder while the block runs.

    The operating system lets go of the lock when the process ends, however it ends: a killed run
    never leaves one behind.

    Args:
        folder: the working folder.
        action: what is being done, told to whoever comes second.

    Raises:
        TargetError: another run holds it.
    """
    path = folder / _FILE
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise TargetError(
                "another run works in this folder",
                where=str(folder),
                got=file.read().strip() or "a run that has just begun",
                expected="one run at a time",
                do="wait until it has ended, or stop it with one Ctrl-C, then run this again",
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, `{action}`\n")
        file.flush()
        yield
        file.truncate(0)
