"""The embedded AWS that belongs to one run alone, and what to do with one left behind.

It lies in the private folder that belongs to the working folder, outside the project. It begins as
a copy of the project's embedded AWS, so that a stack finds what it builds on, with the state of
the stack where that is deployed there. It is thrown away with everything in it, the Terraform
state included, however the run ends: nothing of the project's own is ever touched. A folder that
is still there is of a run that was killed.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from revet.files import STATE, make_private_folder, private_folder, replace_file
from revet.model.errors import EmbeddedError, PrerequisiteError, raised_as
from revet.rehearsal.begun import require_begun
from revet.rehearsal.lock import only_run
from revet.rehearsal.orphans import having_open
from revet.target.embedded import EmbeddedTarget

FOLDER = "aws"
_STATES = "states"
_DAEMON_LOCK = "daemon.lock"
_END_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.1


def discard(private: Path) -> str:
    """End the embedded AWS in a private folder and remove it, with its Terraform states.

    Args:
        private: the private folder of a working folder that is held.

    Returns:
        What was there, for the user; empty for nothing.

    Raises:
        EmbeddedError: it does not end.
        PrerequisiteError: its folder cannot be removed.
    """
    folder = private / FOLDER
    if not folder.is_dir():
        return ""
    _end(folder)
    counts = [managed_resources(path) for path in folder.rglob(STATE)]
    known = [count for count in counts if count is not None]
    state = f"{sum(known)} in its state" if known == counts else "a broken state"
    do = "make it writable, and run this again"
    with raised_as(PrerequisiteError, "what a run has left cannot be removed", folder, do=do):
        shutil.rmtree(folder)
    return f"an earlier run was killed: {state}; discarded with the embedded AWS of its own"


def disposable_target(
    workdir: Path, stack: str, *, functions: bool | None = None
) -> EmbeddedTarget:
    """A stack on the embedded AWS that `disposable_aws` makes for a run.

    Args:
        workdir: the working folder that it belongs to.
        stack: its name; each has a Terraform state of its own.
        functions: whether functions may run in it; see `EmbeddedTarget`.
    """
    folder = private_folder(workdir) / FOLDER
    return EmbeddedTarget(
        folder, disposable=True, states=folder / _STATES / stack, functions=functions
    )


@contextmanager
def disposable_aws(
    private: Path, shared: Path | None = None, deployed: Mapping[str, Path] | None = None
) -> Iterator[None]:
    """Make the embedded AWS of a run, and throw it away after the block with everything in it.

    Args:
        private: the private folder of a working folder that is held and cleaned up.
        shared: folder of the embedded AWS that it is a copy of, which is only read; none to begin
            empty.
        deployed: name of each stack to its working folder in that one.

    Raises:
        UsageError: another run deploys or destroys one of the stacks just now.
        InputError: what is to be copied was not made by this user's revet.
        EmbeddedError: the project's embedded AWS cannot save what it holds.
    """
    try:
        with ExitStack() as reading:
            there = {
                name: path for name, path in (deployed or {}).items() if (path / STATE).is_file()
            }
            for path in there.values():
                reading.enter_context(only_run(path, "rehearse: copy the state"))
                require_begun(path)
            folder = copy_of(shared, private)
            for name, path in there.items():
                states = folder / _STATES / name
                states.mkdir(parents=True, exist_ok=True)
                replace_file(states / STATE, (path / STATE).read_bytes())
        yield
    finally:
        discard(private)


def _end(folder: Path) -> None:
    """End the embedded AWS of a folder, also one that is just starting."""
    from revet.embedded import stop_daemon  # noqa: PLC0415 - needs the extra

    end = time.monotonic() + _END_SECONDS
    while not stop_daemon(folder) and (left := having_open(folder / _DAEMON_LOCK)):
        if time.monotonic() > end:
            pids = " ".join(str(process.pid) for process in left)
            raise EmbeddedError(
                "the embedded AWS of an earlier run does not end",
                where=str(folder),
                got=f"process {pids} still serves it",
                do=f"`kill {pids}`, then run this again",
            )
        time.sleep(_LOOK_AGAIN_SECONDS)


def managed_resources(state: Path) -> int | None:
    """How many resources a Terraform state holds.

    Args:
        state: the file; one that is not there holds none.

    Returns:
        None when it is no whole file.
    """
    try:
        content = json.loads(state.read_text("utf-8"))
        return sum(
            len(item["instances"]) for item in content["resources"] if item["mode"] == "managed"
        )
    except FileNotFoundError:
        return 0
    except (ValueError, KeyError, TypeError):
        return None


def copy_of(shared: Path | None, private: Path) -> Path:
    """Make the folder of a run's own embedded AWS, holding what the project's one holds."""
    from revet.embedded import copy_state, find_daemon  # noqa: PLC0415 - needs the extra
    from revet.embedded.daemon_record import (  # noqa: PLC0415 - likewise
        functions_may_run,
        let_functions_run,
    )

    folder = private / FOLDER
    make_private_folder(folder)
    if shared is not None:
        if daemon := find_daemon(shared):
            daemon.snapshot()
        copy_state(shared, folder)
        let_functions_run(folder, allowed=functions_may_run(shared))
    return folder
