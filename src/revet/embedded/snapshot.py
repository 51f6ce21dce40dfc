"""The whole state in one file, so that it survives the process.

It begins with one line of JSON that says which versions wrote it; a pickle follows. Reading a
pickle executes code: the file lies in a folder that only its owner can enter, carries the mark of
this user's revet for that folder (`sealed`), and is read by the very versions that wrote it.
"""

from __future__ import annotations

import importlib
import json
import platform
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from moto.core.base_backend import BackendDict

from revet.embedded.backends import Store, each_backend, shell, stores
from revet.embedded.pickling import Unpicklable, pack, unpack
from revet.embedded.sealed import FILE_NAME, read_state, write_state
from revet.model.errors import EmbeddedError

_FORMAT = 2
_NOT_STATE = frozenset(vars(BackendDict.__new__(BackendDict))) | {
    "backend",
    "service_name",
    "_use_boto3_regions",
    "_additional_regions",
    "_id",
}


@dataclass(frozen=True, slots=True)
class Saved:
    """What one snapshot cost.

    Args:
        size: bytes of the file.
        seconds: from beginning to end.
        locked_seconds: the part of it in which no call was answered.
        unpicklable: state that could not be kept, with the reason.
    """

    size: int
    seconds: float
    locked_seconds: float
    unpicklable: tuple[str, ...]


def header() -> dict[str, Any]:
    """The versions that must agree between writer and reader."""
    return {
        "format": _FORMAT,
        "revet": version("revet"),
        "moto": version("moto"),
        "python": platform.python_version(),
    }


def save(folder: Path, lock: AbstractContextManager[object]) -> Saved:
    """Write the state of all services; the file is replaced in one step.

    Args:
        folder: the private folder of the embedded AWS.
        lock: held while the state is read.
    """
    started = time.monotonic()
    with lock:
        data, failed = _collect()
    locked = time.monotonic() - started
    content = json.dumps(header()).encode() + b"\n" + data
    size = write_state(folder, content)
    return Saved(size, time.monotonic() - started, locked, tuple(str(item) for item in failed))


def load(folder: Path) -> bool:
    """Bring the state back; false when there is no file.

    Args:
        folder: the private folder of the embedded AWS.

    Raises:
        EmbeddedError: other versions wrote it.
        InputError: revet did not write it there, or it was changed.
        PrerequisiteError: the file, or the user's key, is not private.
    """
    content = read_state(folder)
    if content is None:
        return False
    first, _, data = content.partition(b"\n")
    try:
        found = json.loads(first)
    except ValueError:
        found = None
    if found != header():
        raise EmbeddedError(
            "the snapshot of the embedded AWS was written by other versions",
            where=str(folder / FILE_NAME),
            got=f"`{json.dumps(found)}`" if found else "no header of ours",
            expected=f"`{json.dumps(header())}`",
            do="destroy the stack with those versions, or delete the file with the Terraform state",
        )
    for entry in unpack(data):
        _restore(entry)
    return True


def _collect() -> tuple[bytes, list[Unpicklable]]:
    everything = list(stores())
    return pack([_state(store) for store in everything], everything)


def _state(store: Store) -> dict[str, Any]:
    return {
        "module": store.module,
        "name": store.name,
        "extra": {
            name: value for name, value in vars(store.backends).items() if name not in _NOT_STATE
        },
        "backends": {
            (account, region): vars(backend) for account, region, backend in each_backend(store)
        },
    }


def _restore(entry: Mapping[str, Any]) -> None:
    store = getattr(importlib.import_module(entry["module"]), entry["name"])
    vars(store).update(entry["extra"])
    for (account, region), state in entry["backends"].items():
        shell(store, account, region).__dict__ = state
