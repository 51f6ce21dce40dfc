"""Terraform states that were begun here, told from those that a folder has brought along.

A state says what a destroy deletes and which providers are installed and started. One that came
with a clone, or with a folder that was copied or moved, is about no embedded AWS of this project:
what it lists would be looked for, not be found, and be taken for destroyed. So a state is begun by
revet, with a lineage (Terraform's word for the identity of a state) that is kept in the private
folder, and no other is used.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

from revet.files import STATE, known_projects, private_folder, read_private, replace_file
from revet.model.errors import InputError

_LINEAGE = "lineage"
_EMPTY: dict[str, Any] = {
    "version": 4,
    "terraform_version": "1.10.0",
    "serial": 0,
    "outputs": {},
    "resources": [],
    "check_results": None,
}


def begin_state(folder: Path) -> None:
    """Begin a Terraform state in a working folder, or make sure that the one there was begun here.

    Args:
        folder: the working folder, which is held.

    Raises:
        InputError: the state there was begun elsewhere, or cannot be read.
        PrerequisiteError: the private folder cannot be used.
    """
    if (folder / STATE).exists():
        state = _read(folder / STATE)
        if state.get("resources") or state.get("version") != _EMPTY["version"]:
            _require_begun(folder, state)
            return
        if state.get("lineage") == _kept(private_folder(folder)):
            return
    lineage = str(uuid.uuid4())
    replace_file(private_folder(folder) / _LINEAGE, lineage)
    replace_file(folder / STATE, json.dumps({**_EMPTY, "lineage": lineage}, indent=2) + "\n")


def require_begun(folder: Path) -> None:
    """Make sure that the state of a working folder, if it holds anything, was begun here.

    Args:
        folder: the working folder, which is held.

    Raises:
        InputError: it was begun elsewhere, or cannot be read.
        PrerequisiteError: the private folder cannot be used.
    """
    state = _read(folder / STATE)
    if state.get("resources"):
        _require_begun(folder, state)


def _require_begun(folder: Path, state: dict[str, Any]) -> None:
    lineage = state.get("lineage")
    if lineage and lineage == _kept(private_folder(folder)):
        return
    state_file = folder / STATE
    home = _home_of(str(lineage), folder)
    if home is None:
        got = "a state that came with the folder, or was left by an older revet"
        do = f"remove `{state_file}`: nothing that it lists is in the embedded AWS of this project"
    else:
        project, private = home
        got = f"the state of `{project}`, whose embedded AWS lies in `{private}`"
        do = (
            f"move or copy the project back to `{project}` and destroy the stack there; or, to "
            f"start over here, remove `{state_file}`"
        )
    raise InputError(
        "the Terraform state was not begun in this folder by this user's revet; it is not used",
        where=str(state_file),
        got=got,
        expected="a state that `revet deploy` made here",
        do=do,
    )


def _kept(private: Path) -> str | None:
    try:
        return read_private(private / _LINEAGE).decode("utf-8", "replace")
    except FileNotFoundError:
        return None


def _home_of(lineage: str, folder: Path) -> tuple[Path, Path] | None:
    """The project in whose private folders a lineage is kept, and its state folder."""
    for project, private in known_projects():
        for path in (private / _LINEAGE, *private.glob(f"stacks/*/*/{_LINEAGE}")):
            if path.parent != private_folder(folder) and _kept(path.parent) == lineage:
                return project, private
    return None


def _read(path: Path) -> dict[str, Any]:
    """A state file as it is; an empty one for no file.

    Raises:
        InputError: it is no JSON object, or cannot be read.
    """
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise _broken(path, str(error)) from error
    if not isinstance(content, dict):
        raise _broken(path, type(content).__name__)
    return content


def _broken(path: Path, got: str) -> InputError:
    return InputError(
        "the Terraform state cannot be read",
        where=str(path),
        got=got,
        expected="JSON as Terraform writes it",
        do="put the copy back that Terraform keeps beside it (`.backup`), or remove it",
    )
