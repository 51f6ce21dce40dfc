"""The record that a daemon leaves of itself, checked before it is believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
