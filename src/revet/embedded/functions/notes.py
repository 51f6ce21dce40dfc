"""What became of events: delivered, given up, not allowed, stopped; kept so that a report can say.

A line of `deliveries.jsonl` in the state's folder has `time`, `kind`, `function` (ARN), `source`
(ARN or name of what the event came from) and `message`.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path

from revet.embedded.daemon import DELIVERIES_FILE
from revet.embedded.faults import append_private

FAILED = "failed"
GIVEN_UP = "given up"
HANDED_ON = "handed on"
NOT_ALLOWED = "not allowed"
NOT_DELIVERED = "not delivered"
RECURSION = "recursion"
LOGS = "logs not written"
KINDS = (FAILED, GIVEN_UP, HANDED_ON, NOT_ALLOWED, NOT_DELIVERED, RECURSION, LOGS)
"""An invocation failed; an event is not tried again; it, or the record of it, went to a dead-letter
queue or a destination; a policy does not let the source invoke the function; an event could not be
handed over; a loop was stopped; the role may not write the function's log."""


class Notes:
    """Writes deliveries down.

    Args:
        directory: of the state.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / DELIVERIES_FILE
        self._lock = threading.Lock()

    def add(self, kind: str, function: str, source: str, message: str) -> None:
        """Write one line.

        Args:
            kind: one of `KINDS`.
            function: its ARN.
            source: of the event.
            message: what happened.
        """
        line = json.dumps(
            {
                "time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
                "kind": kind,
                "function": function,
                "source": source,
                "message": message,
            }
        )
        with self._lock:
            append_private(self._path, line)
