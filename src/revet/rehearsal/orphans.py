"""Which processes have a file of ours open, and the end of those that nobody will ask again.

Read from Linux's `/proc` (`proc(5)`). Where there is none, nothing is found and nothing is ended.
"""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PROVIDER = "terraform-provider-"


@dataclass(frozen=True, slots=True)
class Process:
    """A running process.

    Args:
        pid: its id.
        name: of its program's file.
    """

    pid: int
    name: str

    @property
    def is_provider(self) -> bool:
        """Whether it is a Terraform provider, which serves one Terraform and no one else."""
        return self.name.startswith(_PROVIDER)


def having_open(path: Path) -> list[Process]:
    """The processes that have a file open, as far as we may look.

    Args:
        path: of the file.
    """
    wanted = str(path.resolve())
    found = []
    for folder in sorted(_PROC.glob("[0-9]*")):
        if _has_open(folder, wanted):
            program = ""
            with contextlib.suppress(OSError):
                program = os.readlink(folder / "exe")  # noqa: PTH115 - it may name a deleted file
            found.append(Process(int(folder.name), Path(program).name))
    return found


def _has_open(folder: Path, wanted: str) -> bool:
    try:
        names = os.listdir(folder / "fd")  # noqa: PTH208 - the process may end in between
    except OSError:
        return False  # it has ended, or is another user's
    for name in names:
        with contextlib.suppress(OSError):
            if os.readlink(folder / "fd" / name) == wanted:  # noqa: PTH115 - may be no path at all
                return True
    return False


def end_provider(process: Process, path: Path) -> None:
    """End a provider that has a file of ours open; nothing else, even if its id was given anew.

    Args:
        process: as `having_open` found it.
        path: of the file.
    """
    with contextlib.suppress(ProcessLookupError):
        handle = os.pidfd_open(process.pid)
        try:
            if process.is_provider and process in having_open(path):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        finally:
            os.close(handle)
