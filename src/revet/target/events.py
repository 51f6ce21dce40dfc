"""What a running step tells its observer: plain data, made from Terraform's own JSON messages.

Source of the messages: Terraform, "Machine-Readable UI" (`-json`), UI version 1.2; OpenTofu
writes the same ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "step_start",
    "step_done",
    "resource_start",
    "resource_progress",
    "resource_done",
    "resource_error",
    "diagnostic",
    "note",
    "fetch",
    "pause",
    "resume",
]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened while a step ran.

    Args:
        kind: what happened; `fetch` is a note that is shown at once, between `pause` and `resume`
            the user is asked something.
        step: the step that it happened in: `init`, `plan`, `apply`, `destroy`, …
        address: the resource instance; empty when it is about the step as a whole.
        action: `create`, `update`, `delete`, `read`, or `refresh` (which changes nothing and is
            not counted in `total`); of a diagnostic its severity; empty for a step.
        elapsed: seconds since the resource, or the step, began.
        detail: text to show: a diagnostic's summary, a note.
        total: resources that the step is going to change; 0 while that is not known.
    """

    kind: Kind
    step: str
    address: str = ""
    action: str = ""
    elapsed: float = 0.0
    detail: str = ""
    total: int = 0


Observer = Callable[[Event], None]


def silent(event: Event) -> None:
    """The observer that looks away."""
    del event


def parse_message(line: str) -> Mapping[str, Any] | None:
    """One line of Terraform's output as a message.

    Returns:
        The message, or None for text that is no message (a panic, a warning before `-json` is
        read); the caller must keep such text, since it can be all that Terraform says.
    """
    if not line.startswith("{"):
        return None
    try:
        message = json.loads(line)
    except json.JSONDecodeError:
        return None
    return message if isinstance(message, dict) and "type" in message else None


_HOOKS: Mapping[str, Kind] = {
    "apply_start": "resource_start",
    "apply_progress": "resource_progress",
    "apply_complete": "resource_done",
    "apply_errored": "resource_error",
    "refresh_start": "resource_start",
    "refresh_complete": "resource_done",
}


def event_of(message: Mapping[str, Any], step: str, total: int) -> Event | None:
    """The event that a message stands for.

    Args:
        message: as `parse_message` returns it.
        step: the step that runs.
        total: resources that the step is going to change, as far as known.

    Returns:
        The event, or None for a message that observers have no use for.
    """
    kind = message["type"]
    if kind in _HOOKS:
        hook = message["hook"]
        return Event(
            _HOOKS[kind],
            step,
            address=hook["resource"]["addr"],
            action=hook.get("action", "refresh"),
            elapsed=float(hook.get("elapsed_seconds", 0)),
            total=total,
        )
    if kind == "diagnostic":
        diagnostic = message["diagnostic"]
        return Event(
            "diagnostic",
            step,
            address=diagnostic.get("address", ""),
            action=diagnostic["severity"],
            detail=diagnostic["summary"],
            total=total,
        )
    if kind == "change_summary":
        return Event("note", step, detail=message["@message"], total=total)
    return None
