"""What a program must not reach."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wall:
    """What a program and its children must not reach, where the operating system can see to it.

    On Linux from 6.7 on: connections by TCP to other ports, and writing to other folders. Nowhere
    else: it stands behind what is done to the configuration, and does not take its place.

    Args:
        port: the only one that may be connected to.
        writable: folders that may be written to; temporary files and devices besides.
    """

    port: int
    writable: tuple[Path, ...]

    def as_json(self) -> str:
        """What the launcher reads."""
        folders = [*map(str, self.writable), tempfile.gettempdir(), "/dev", "/proc/self"]
        return json.dumps({"port": self.port, "writable": folders})
