"""Programs that a name on `PATH` stands for, never one of the folder that revet is called in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def find_program(name: str, environment: Mapping[str, str] | None = None) -> Path | None:
    """Find a program by its name.

    Entries of `PATH` that are empty or relative are passed over: what they name depends on the
    folder that revet is called in, and a repository could put a program there.

    Args:
        name: of the program, without a folder.
        environment: where `PATH` is read; this process's by default.

    Returns:
        Its absolute path; None when there is none.
    """
    settings = os.environ if environment is None else environment
    for entry in settings.get("PATH", "").split(os.pathsep):
        folder = Path(entry)
        if folder.is_absolute() and (found := shutil.which(str(folder / name))):
            return Path(found)
    return None
