"""Files that are there whole or not at all, however the run ends that writes them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: str | bytes) -> None:
    """Write a file in one step, readable by its owner only.

    Args:
        path: of the file, in a folder that exists.
        content: text is written as UTF-8.

    Raises:
        OSError: it cannot be written; what was there before is still there.
    """
    data = content.encode() if isinstance(content, str) else content
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def clear_unfinished(folder: Path) -> None:
    """Remove what a killed `replace_file` has left in a folder.

    Args:
        folder: that no other run works in.
    """
    for path in folder.glob(".*.*-????????"):
        path.unlink(missing_ok=True)
