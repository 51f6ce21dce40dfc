"""Where the files of a project lie: what its owner may read in `.revet`, all else outside.

The working folder of one stack on one target is `PROJECT/.revet/STACK/TARGET`. A clone can bring
one along, so nothing in it is executed, and no link in it is followed. What is executed or
believed lies in the private folder that belongs to it, in the user's state folder.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from revet.files.names import require_nameable
from revet.files.private import make_private_folder
from revet.files.replace import replace_file
from revet.files.state import project_state
from revet.model.errors import PrerequisiteError, raised_as

WORKING = ".revet"
"""Folder of a project that holds the working folders of its stacks."""

STATE = "terraform.tfstate"
"""In a working folder: Terraform's state, for targets that keep it in a file."""

PLAN = "plan.json"
"""In a working folder: the plan that was judged last."""

VERDICT = "verdict.json"
REPORT = "report.html"
OUTPUTS = "outputs.json"

_IGNORE = "*\n"
_STACKS = "stacks"
_UNUSED = ".terraform"
"""Left by older versions, full of links to providers; never used, so it need not be looked at."""


def make_working_folder(folder: Path) -> None:
    """Make a working folder that its owner alone can enter: plans and states may hold secrets.

    `.revet` itself is made with a `.gitignore` that keeps all of it out of the repository.

    Args:
        folder: `PROJECT/.revet/STACK/TARGET`, or any other.

    Raises:
        PrerequisiteError: it cannot be made, has a name that is not UTF-8, is a link or a file, or
            holds what leads elsewhere (`require_no_links`).
    """
    require_nameable(folder)
    _, below = _split(folder)
    made = [folder, *folder.parents][: len(below) + 1] if below else [folder]
    with raised_as(
        PrerequisiteError,
        "the working folder cannot be made",
        folder,
        expected="a folder that the user who runs revet may write to",
        do="make it writable, or choose another one",
    ):
        for part in reversed(made):
            if part.is_symlink() or (part.exists() and not part.is_dir()):
                kind = "a symbolic link" if part.is_symlink() else "a file"
                raise _planted(part, kind, "a folder")
            part.mkdir(parents=True, exist_ok=True, mode=0o700)
        if below:
            _keep_out_of_git(made[-1] / ".gitignore")
            require_no_links(folder)


def require_no_links(folder: Path) -> None:
    """Refuse a working folder in which a file leads elsewhere, so that nothing else is written.

    Args:
        folder: a working folder; one that is not there holds nothing.

    Raises:
        PrerequisiteError: at its top something is neither a folder nor a file of its own, or
            further below a link leads out of it.
    """
    for found, kind in _leading_elsewhere(folder):
        raise _planted(found, kind, "a file of its own")


def private_folder(folder: Path) -> Path:
    """The private folder that belongs to a working folder, made if need be.

    Args:
        folder: `PROJECT/.revet/STACK/TARGET`, or any other, which then is a project by itself.

    Raises:
        PrerequisiteError: as of `state_root`.
    """
    project, below = _split(folder)
    private = project_state(project).joinpath(_STACKS, *below) if below else project_state(folder)
    make_private_folder(private)
    return private


def _split(folder: Path) -> tuple[Path, tuple[str, ...]]:
    """The project of a working folder, and what follows `.revet`; nothing where that is not."""
    parts = folder.absolute().parts
    if WORKING not in parts[:-1]:
        return folder, ()
    place = len(parts) - 1 - parts[::-1].index(WORKING)
    return Path(*parts[:place]), parts[place + 1 :]


def _keep_out_of_git(path: Path) -> None:
    if path.is_symlink() or not path.is_file() or path.read_bytes() != _IGNORE.encode():
        replace_file(path, _IGNORE, mode=0o644)


def _leading_elsewhere(folder: Path) -> Iterator[tuple[Path, str]]:
    top = str(folder)
    inside = folder.resolve()
    for here, folders, files in os.walk(folder):
        if _UNUSED in folders:
            folders.remove(_UNUSED)
        for name in (*folders, *files):
            path = Path(here, name)
            found = path.lstat()
            if stat.S_ISLNK(found.st_mode):
                if here == top or not path.resolve().is_relative_to(inside):
                    yield path, "a symbolic link"
            elif here == top and stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
                yield path, f"a file with {found.st_nlink} names"
            elif not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
                yield path, "neither a file nor a folder"


def _planted(path: Path, got: str, expected: str) -> PrerequisiteError:
    return PrerequisiteError(
        "something in the folder of revet's results leads elsewhere",
        where=str(path),
        got=got,
        expected=expected,
        do="look who made it, remove it and run this again",
    )
