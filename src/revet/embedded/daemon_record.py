"""The record that a daemon leaves of itself, checked before it is believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from revet.files import make_private_folder

FORBIDDING_FILE = "functions-forbidden"
"""Lies in the folder of the state while no function may run."""
_LAST_PORT = 65_535


def checked_record(record: Any) -> dict[str, Any]:  # noqa: ANN401 - a JSON value
    """The members of a record, by the names that `Daemon` has for them.

    Args:
        record: as it was read.

    Raises:
        ValueError: it is not one; the text says why.
    """
    names = ("ca_path", "run_id", "region", "access_key", "secret_key")
    kinds: dict[str, type] = {"pid": int, "port": int, **dict.fromkeys(names, str)}
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the content is wrong, no argument
    for name, kind in kinds.items():
        if type(record.get(name)) is not kind:
            raise ValueError(f"`{name}` is missing or of another kind")
    if not 0 < record["port"] <= _LAST_PORT or record["pid"] <= 0:
        raise ValueError("a process or port that cannot be")
    if not record["run_id"].isalnum() or not record["run_id"].isascii():
        raise ValueError("a run id that cannot be")
    return {**{name: record[name] for name in kinds}, "ca_path": Path(record["ca_path"])}


def let_functions_run(state_dir: Path, *, allowed: bool) -> None:
    """Allow functions to run in an embedded AWS, or forbid it; also in one that runs already.

    Args:
        state_dir: folder of its state; made if need be, mode 0700.
        allowed: whether they may.

    Raises:
        PrerequisiteError: the folder is not private.
    """
    make_private_folder(state_dir)
    file = state_dir / FORBIDDING_FILE
    if allowed:
        file.unlink(missing_ok=True)
    else:
        file.touch(mode=0o600)


def functions_may_run(state_dir: Path) -> bool:
    """Whether functions may run in the embedded AWS of a folder."""
    return not (state_dir / FORBIDDING_FILE).exists()
