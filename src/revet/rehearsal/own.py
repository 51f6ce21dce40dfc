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
from dataclasses import dataclass
from pathlib import Path

from revet.files import make_private_folder, replace_file
from revet.model.errors import EmbeddedError, PrerequisiteError
from revet.rehearsal.lock import Held
from revet.rehearsal.orphans import having_open

FOLDER = "aws"
STATE_FILE = "terraform.tfstate"
_STATES = "states"
_DAEMON_LOCK = "daemon.lock"
_END_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a killed run has left.

    Args:
        resources: how many resources its state holds; None when the state is no whole file.
    """

    resources: int | None

    def __str__(self) -> str:
        """One line for the user."""
        state = "a broken state" if self.resources is None else f"{self.resources} in its state"
        return f"an earlier run was killed: {state}; discarded with the embedded AWS of its own"


def discard(held: Held) -> Unfinished | None:
    """End the run's own embedded AWS of a working folder and remove it, with its Terraform state.

    Args:
        held: the working folder.

    Returns:
        What was there; None when there was none.

    Raises:
        EmbeddedError: it does not end.
        PrerequisiteError: its folder cannot be removed.
    """
    folder = held.private / FOLDER
    if not folder.is_dir():
        return None
    _end(folder)
    found = Unfinished(_unfinished(folder))
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise PrerequisiteError(
            "what a run has left cannot be removed",
            where=str(folder),
            got=(error.strerror or str(error)).lower(),
            do="make it writable, and run this again",
        ) from error
    return found


def states_of(folder: Path, stack: str) -> Path:
    """The folder of a stack's Terraform state in a run's own embedded AWS.

    Args:
        folder: of the embedded AWS.
        stack: its name.
    """
    return folder / _STATES / stack


def copy_state_of(deployed: Path, folder: Path, stack: str) -> None:
    """Let a stack begin from the state in which it is deployed.

    Args:
        deployed: the state file, which is only read.
        folder: of the run's own embedded AWS.
        stack: its name.
    """
    states = states_of(folder, stack)
    states.mkdir(parents=True, exist_ok=True)
    replace_file(states / STATE_FILE, deployed.read_bytes())


def _unfinished(folder: Path) -> int | None:
    """How many resources the states in a folder hold; None when one is no whole file."""
    counts = [managed_resources(path) for path in sorted(folder.rglob(STATE_FILE))]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _end(folder: Path) -> None:
    """End the embedded AWS of a folder, also one that is just starting."""
    from revet.embedded import stop_daemon  # noqa: PLC0415 - not to parse a call

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


def copy_of(shared: Path | None, held: Held) -> Path:
    """Make the folder of a run's own embedded AWS, holding what the project's one holds.

    Args:
        shared: folder of the project's embedded AWS, which is only read; none to begin empty.
        held: the working folder; nothing of an earlier run is in it.

    Raises:
        EmbeddedError: the project's embedded AWS cannot save what it holds.
        InputError: its file is not one that revet wrote there.
    """
    from revet.embedded import copy_state, find_daemon  # noqa: PLC0415 - not to parse a call

    folder = held.private / FOLDER
    make_private_folder(folder)
    if shared is None:
        return folder
    daemon = find_daemon(shared)
    if daemon is not None:
        daemon.snapshot()
    copy_state(shared, folder)
    return folder
