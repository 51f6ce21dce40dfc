"""What went wrong inside the embedded AWS itself, kept so that no test can overlook it."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from pathlib import Path

from revet.files import open_private

INTERNAL = "internal"
UNMODELLED = "unmodelled"
REFUSED = "refused"
NOT_DELIVERED = "not delivered"
KINDS = (INTERNAL, UNMODELLED, REFUSED, NOT_DELIVERED)
"""An error of our own; an operation or service that we lack; a host that is not AWS; something that
a service would have sent out."""

FILE_NAME = "faults.jsonl"


class Faults:
    """The faults of one state directory, oldest first, also after a restart.

    Args:
        directory: where `faults.jsonl` lies.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE_NAME
        self._lock = threading.Lock()

    def add(
        self,
        kind: str,
        message: str,
        *,
        service: str = "",
        operation: str = "",
        traceback: str = "",
    ) -> None:
        """Write one fault down.

        Args:
            kind: one of `KINDS`.
            message: what happened, one line.
            service: botocore's name of the service, where there is one.
            operation: API operation, where it is known.
            traceback: of the exception, where there was one.
        """
        line = json.dumps(
            {
                "time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
                "kind": kind,
                "service": service,
                "operation": operation,
                "message": message,
                "traceback": traceback,
            }
        )
        with self._lock:
            append_private(self._path, line)


def append_private(path: Path, line: str) -> None:
    """Append one line to a file that only its owner can read.

    Raises:
        PrerequisiteError: it is a link, or somebody else's.
    """
    descriptor = open_private(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(line + "\n")


def read_lines(path: Path) -> list[dict[str, object]]:
    """All complete records of a JSON-lines file; empty when there is none.

    A last line without its end, cut off when the process was killed, is left out.
    """
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n")[:-1] if line]
