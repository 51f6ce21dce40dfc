"""The user's state folder: what no repository can bring along.

A project's own folder may come from anybody. What revet executes or believes when it reads it lies
here instead, one folder a project.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from revet.files.private import make_private_folder
from revet.model.errors import PrerequisiteError

STATE_VARIABLE = "REVET_STATE_DIR"
"""Environment variable that names another folder, as an absolute path."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_NAME_LENGTH = 40


def state_root() -> Path:
    """The state folder of the user, private and made if need be.

    It is what the operating system's conventions say (`~/.local/state/revet` on Linux), or what
    `REVET_STATE_DIR` names.

    Raises:
        PrerequisiteError: it cannot be made, is not private, or the variable is not an absolute
            path.
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
    folder = state_root() / "projects" / f"{name}-{key}"
    make_private_folder(folder)
    return folder
