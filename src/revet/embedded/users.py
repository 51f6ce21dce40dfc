"""Which commands use an embedded AWS, so that the last of them stops it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from revet.files import make_private_folder, open_private

_FILE = "users.lock"


@contextmanager
def using(state: Path) -> Iterator[Callable[[], bool]]:
    """Use the embedded AWS of a folder while the block runs.

    Args:
        state: folder of its state; made if need be.

    Yields:
        Says whether another command uses it, too.
    """
    make_private_folder(state)
    with os.fdopen(open_private(state / _FILE, os.O_WRONLY | os.O_CREAT), "a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)

        def is_used() -> bool:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

        yield is_used
