"""Errors that cross the border of a process: its classes and fields as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from revet.model import errors
from revet.model.errors import EmbeddedError, RevetError


def reported(said: Mapping[str, str], otherwise: str, log: Path) -> RevetError:
    """The error that a process of ours has reported.

    Args:
        said: the name of its class, its message and fields, as far as it came to say them.
        otherwise: the message where it said none.
        log: of the process.
    """
    kind = {"InputError": errors.InputError, "PrerequisiteError": errors.PrerequisiteError}.get(
        said.get("class", ""), EmbeddedError
    )
    return kind(
        said.get("error") or otherwise,
        where=said.get("where") or str(log),
        got=said.get("got", ""),
        expected=said.get("expected", ""),
        do=said.get("do") or "read the log",
    )
