"""Calls that policies denied, kept so that a rehearsal can tell, and name why.

A line each in `denials.jsonl`; only what AWS would have denied, not what the embedded AWS cannot
decide, which is a fault.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from revet.embedded.call import Call
from revet.embedded.faults import append_private

FILE_NAME = "denials.jsonl"


class Denials:
    """The denials of one state directory.

    Args:
        directory: where `denials.jsonl` lies.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE_NAME

    def add(self, call: Call, message: str, details: Mapping[str, Any]) -> None:
        """Write one down.

        Args:
            call: that was denied.
            message: what its caller reads.
            details: `action`, `resource`, and `layers` or `statements` that decided.
        """
        line = {
            "time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            "principal": call.principal.arn,
            "role": call.principal.session.issuer_arn if call.principal.session else "",
            "service": call.boto_service,
            "operation": call.operation,
            "message": message,
            **details,
        }
        append_private(self._path, json.dumps(line))
