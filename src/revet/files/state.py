"""The user's state folder: what no repository can bring along.

A project's own folder may come from anybody. What revet executes or believes when it reads it lies
here instead, one folder a project.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from revet.files.names import require_nameable
from revet.files.private import make_private_folder, read_private
from revet.files.replace import replace_file
from revet.model.errors import PrerequisiteError

STATE_VARIABLE = "REVET_STATE_DIR"
"""Environment variable that names another folder, as an absolute path."""

_PROJECTS = "projects"
_PROJECT = "project"
"""File of a project's state folder that holds the path of the project, for people to find it."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_NAME_LENGTH = 40


def state_root() -> Path:
    """The state folder of the user, private and made if need be.

    It is what the operating system's conventions say (`~/.local/state/revet` on Linux), or what
    `REVET_STATE_DIR` names.

    Raises:
        PrerequisiteError: it cannot be made, is not private, its name is not UTF-8, or the
            variable is not an absolute path.
    """
    named = os.environ.get(STATE_VARIABLE, "")
    if named:
        root = Path(named)
        if not root.is_absolute():
            raise PrerequisiteError(
                f"`{STATE_VARIABLE}` is not an absolute path",
                where=STATE_VARIABLE,
                got=f"`{named}`",
                expected="the full path of a folder outside every project",
                do="correct it, or unset it",
            )
    else:
        from platformdirs import user_state_path  # noqa: PLC0415 - not needed to judge a plan

        root = user_state_path("revet", appauthor=False)
        if not root.is_absolute():
            raise PrerequisiteError(
                "the user's home folder is not known",
                where="HOME",
                got="not set, and the user has no entry in the system's list of users",
                expected="the full path of the user's home folder",
                do=f"set `HOME`, or name a folder outside every project with `{STATE_VARIABLE}`",
            )
    require_nameable(root)
    make_private_folder(root)
    return root


def project_state(project: Path) -> Path:
    """The state folder of one project, private and made if need be.

    Args:
        project: the project's folder; two that are the same folder have the same state.

    Raises:
        PrerequisiteError: as of `state_root`.
    """
    real = project.resolve()
    name = _UNSAFE.sub("-", real.name.encode("ascii", "replace").decode())[:_NAME_LENGTH]
    key = hashlib.sha256(os.fsencode(real)).hexdigest()[:16]
    folder = state_root() / _PROJECTS / f"{name}-{key}"
    make_private_folder(folder)
    if not (folder / _PROJECT).exists():
        replace_file(folder / _PROJECT, os.fsencode(real))
    return folder


def known_projects() -> Iterator[tuple[Path, Path]]:
    """Every project that has a state folder: its own folder, as it was named, and that one.

    Raises:
        PrerequisiteError: as of `state_root`.
    """
    for folder in sorted((state_root() / _PROJECTS).glob("*")):
        with contextlib.suppress(FileNotFoundError):  # made by a run that was killed before
            yield Path(os.fsdecode(read_private(folder / _PROJECT))), folder
