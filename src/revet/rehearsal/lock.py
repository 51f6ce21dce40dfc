"""One run at a time in one working folder, and none while a killed one still has a Terraform.

Two locks, which the operating system keeps as long as a process has their file open. One belongs to
the run alone: while it is held, the run lives. The other is inherited by its Terraform and by the
providers: while only that one is held, the run was killed, and whoever has the file open is what is
left of it. Without `/proc` it could not be told who that is; there, it is not inherited.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from revet.files import clear_unfinished, require_no_links
from revet.model.errors import PrerequisiteError, TargetError, UsageError, raised_as
from revet.rehearsal.orphans import Process, end_provider, having_open
from revet.target.events import Event, Observer, silent

_RUN = ".lock"
_PROGRAMS = ".programs.lock"
_PATIENCE_SECONDS = 120.0
_LOOK_AGAIN_SECONDS = 0.1


@contextmanager
def only_run(
    folder: Path,
    action: str,
    observe: Observer = silent,
    *,
    patience: float = _PATIENCE_SECONDS,
) -> Iterator[tuple[int, ...]]:
    """Hold a working folder while the block runs.

    What a killed run has left running is waited for: its Terraform was interrupted and writes its
    state. Providers without a Terraform have nothing to write, and are ended.

    Args:
        folder: the working folder, made already.
        action: what is being done, told to whoever comes second.
        observe: told what is waited for.
        patience: seconds to wait for what a killed run has left running.

    Yields:
        Open files for the programs that work in the folder, which keep them as long as they live.

    Raises:
        UsageError: another run holds it.
        TargetError: what a killed run has left does not end.
        PrerequisiteError: a link in the folder leads elsewhere, or it cannot be written to.
    """
    require_no_links(folder)
    with ExitStack() as open_files:
        run, programs = _open(folder, open_files)
        if not _locked(run):
            run.seek(0)
            raise UsageError(
                "another run works in this folder",
                where=str(folder),
                got=run.read().strip() or "a run that has just begun",
                expected="one run at a time; other stacks and other folders are free",
                do="wait until it has ended, or stop it with one Ctrl-C, then run this again",
            )
        run.truncate(0)
        run.write(f"process {os.getpid()}, `{action}`\n")
        run.flush()
        _await_programs(folder, programs, observe, patience)
        clear_unfinished(folder)
        yield (programs.fileno(),) if sys.platform == "linux" else ()
        run.truncate(0)


def _open(folder: Path, open_files: ExitStack) -> tuple[TextIO, TextIO]:
    with raised_as(
        PrerequisiteError,
        "the working folder cannot be written to",
        folder,
        expected="a folder of the user who runs revet",
        do="make it writable, or remove it if another user has made it",
    ):
        run = open_files.enter_context((folder / _RUN).open("a+", encoding="utf-8"))
        return run, open_files.enter_context((folder / _PROGRAMS).open("a"))


def _await_programs(folder: Path, programs: TextIO, observe: Observer, patience: float) -> None:
    """Lock the programs' file, as soon as those of a killed run have ended."""
    end = time.monotonic() + patience
    told = False
    while not _locked(programs):
        left = [item for item in having_open(folder / _PROGRAMS) if item.pid != os.getpid()]
        if left and not told:
            told = True
            text = f"a run was killed here, and {_named(left)} still runs; waiting for its end"
            observe(Event("note", "lock", detail=text))
        if all(process.is_provider for process in left):
            for process in left:
                end_provider(process, folder / _PROGRAMS)
        if time.monotonic() > end:
            raise TargetError(
                "what a killed run has left running does not end",
                where=str(folder),
                got=_named(left),
                expected=f"its end within {patience:.0f} s",
                do=f"end it (`kill {' '.join(str(item.pid) for item in left)}`), then run this "
                "again",
            )
        time.sleep(_LOOK_AGAIN_SECONDS)


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _named(processes: list[Process]) -> str:
    shown = (f"{process.name} (process {process.pid})" for process in processes)
    return ", ".join(shown) or "a program of another user"
