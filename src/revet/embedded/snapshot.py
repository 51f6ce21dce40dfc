"""The whole state, so that it survives the process: a snapshot, and what has changed since.

A snapshot begins with one line of JSON that says which versions wrote it; a record of all state
follows, and the journal's records hold what has changed. Records are pickles. Reading a pickle
executes code: the files lie in a folder that only its owner can enter, carry the mark of this
user's revet for that folder (`sealed`), and are read by the very versions that wrote them.
"""

from __future__ import annotations

import json
import platform
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from revet.embedded.pickling import Memory, Unpicklable
from revet.embedded.records import States
from revet.embedded.sealed import (
    FILE_NAME,
    JOURNAL_NAME,
    read_journal,
    read_state,
    write_state,
)
from revet.model.errors import EmbeddedError

_FORMAT = 3


@dataclass(frozen=True, slots=True)
class Saved:
    """What one snapshot cost.

    Args:
        size: bytes of the file.
        seconds: from beginning to end; no call is answered meanwhile.
        unpicklable: state that could not be kept, with the reason.
    """

    size: int
    seconds: float
    unpicklable: tuple[str, ...]


def header() -> dict[str, Any]:
    """The versions that must agree between writer and reader."""
    return {
        "format": _FORMAT,
        "revet": version("revet"),
        "moto": version("moto"),
        "python": platform.python_version(),
    }


def save(folder: Path, states: States) -> tuple[Saved, list[Unpicklable]]:
    """Write the state of all services; the file is replaced in one step, and its journal ends.

    Args:
        folder: the private folder of the embedded AWS.
        states: of this process; its lock is held, and what comes later goes into a new journal.

    Returns:
        What it cost, and the stores that had to be left out.

    Raises:
        OSError: it cannot be written; what was kept before still is.
        PrerequisiteError: the user's key cannot be used.
    """
    started = time.monotonic()
    data, failed = states.everything()
    size = write_state(folder, json.dumps(header()).encode() + b"\n" + data)
    return Saved(size, time.monotonic() - started, tuple(str(item) for item in failed)), failed


def load(folder: Path, states: States | None = None) -> tuple[bool, int]:
    """Bring the state back, with what has changed since its snapshot.

    Args:
        folder: the private folder of the embedded AWS.
        states: of this process.

    Returns:
        Whether there was any state, and how many records the journal held.

    Raises:
        EmbeddedError: other versions wrote it.
        InputError: revet did not write it there, or it was changed.
        PrerequisiteError: a file, or the user's key, is not private.
    """
    states = states or States(Memory())
    content, records = read_state(folder), read_journal(folder)
    for written, name in [(content, FILE_NAME), *((one, JOURNAL_NAME) for one in records)]:
        if written is not None:
            states.apply(_of_these_versions(written, folder / name))
    return content is not None or bool(records), len(records)


def _of_these_versions(content: bytes, path: Path) -> bytes:
    first, _, data = content.partition(b"\n")
    try:
        found = json.loads(first)
    except ValueError:
        found = None
    if found != header():
        raise EmbeddedError(
            "the snapshot of the embedded AWS was written by other versions",
            where=str(path),
            got=f"`{json.dumps(found)}`" if found else "no header of ours",
            expected=f"`{json.dumps(header())}`",
            do="destroy the stack with those versions, or delete the file with the Terraform state",
        )
    return data
