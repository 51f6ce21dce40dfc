"""Where a stack's files lie: `.revet/<stack>/<target>/`, of a rehearsal `…/rehearsal/`.

That is what a user reads. What is executed or believed lies in the user's state folder
(`revet.files`): the embedded AWS, Terraform's data folders, the identities of Terraform's states.
"""

from __future__ import annotations

from pathlib import Path

from revet.cli.project import NAME, find_project
from revet.files import WORKING, project_state, require_nameable
from revet.model.errors import UsageError

KEPT = ".kept"
"""Says that what is deployed is a rehearsal's, left with `--keep`."""
REHEARSAL = "rehearsal"
CHECK = "check"
AWS = "aws"
"""The embedded AWS: its folder in the project's state folder; once its folder in `.revet`."""
_OLD = ("snapshot.bin", "daemon.json", "daemon.lock")


def home(root: Path | None = None) -> Path:
    """The folder of what we write for the user, beside `revet.toml` or in the current folder.

    Args:
        root: folder of the project; found by its `revet.toml` when it is not given.

    Raises:
        ConfigError: the `revet.toml` that holds here is wrong.
    """
    return (root or find_project().root) / WORKING


def workdir(stack: str, target: str, root: Path | None = None) -> Path:
    """The folder of one stack on one target.

    Args:
        stack: its name.
        target: `embedded`, `aws`, or `rehearsal` and `check` for runs that leave nothing there.
        root: folder of the project; found by its `revet.toml` when it is not given.

    Raises:
        UsageError: no stack can have that name.
    """
    if not NAME.fullmatch(stack):
        raise UsageError(
            "no stack can have that name",
            got=f"`{stack}`",
            expected="letters, digits, `_` and inner `-`",
            do="name a stack of `revet.toml`, or a blueprint",
        )
    return home(root) / stack / target


def embedded_state(root: Path | None = None) -> Path:
    """The folder of the embedded AWS that `revet aws` controls and `deploy` uses; private.

    Args:
        root: folder of the project; found by its `revet.toml` when it is not given.

    Raises:
        PrerequisiteError: the user's state folder cannot be used, or the project's folder has a
            name that is not UTF-8.
    """
    project = root or find_project().root
    require_nameable(project)
    return project_state(project) / AWS


def unused_state(root: Path) -> str:
    """A word about the embedded AWS of an older revet, which lay in the project; or empty.

    Args:
        root: folder of the project.
    """
    old = root / WORKING / AWS
    if any((old / name).is_file() for name in _OLD):
        return f"`{old}` was the embedded AWS of an older revet; it is not read and can be removed"
    return ""
