"""Runtimes of Lambda, and which of them AWS patches.

Judged as of one day, that of the table: so a plan gets the same verdict on every day, and who
updates the table sees what changes.
"""

from __future__ import annotations

import functools
from datetime import date
from importlib.resources import files

AS_OF = date(2026, 11, 29)
_PREVIEW = "preview"


@functools.cache
def runtimes() -> dict[str, date | None]:
    """Every runtime that Lambda has had, and the day on which it is deprecated.

    Returns:
        Identifier to the day; None for a runtime that is only a preview. A runtime that is newer
        than the table is not in it.
    """
    text = (files("revet.plan") / "data" / "lambda_runtimes.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {name: None if day == _PREVIEW else date.fromisoformat(day) for name, day in rows}


def is_supported(runtime: str) -> bool | None:
    """Whether AWS patches a runtime.

    Args:
        runtime: its identifier.

    Returns:
        None for a runtime that the table does not have.
    """
    if runtime not in runtimes():
        return None
    day = runtimes()[runtime]
    return day is not None and day > AS_OF
