"""Names of folders that every program that we start can write."""

from __future__ import annotations

from pathlib import Path

from revet.model.errors import PrerequisiteError


def require_nameable(folder: Path) -> None:
    """Refuse a path that is not UTF-8: Node.js and Terraform would write to another one.

    Raises:
        PrerequisiteError: it is not.
    """
    try:
        str(folder.absolute()).encode()
    except UnicodeEncodeError as error:
        raise PrerequisiteError(
            "the name of a folder is not UTF-8",
            where=ascii(str(folder.absolute())),
            got=f"a byte that no character stands for, at position {error.start}",
            expected="a path that Terraform and Node.js can name",
            do="rename the folder",
        ) from error
