"""TOML files that the user writes, with an error that says where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from revet.files.given import SMALL, parse_toml, read_given
from revet.model.errors import ConfigError, raised_as


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """Parse a TOML file.

    Args:
        path: of the file.
        what: what kind of file it is, for the message ("a waiver file").

    Raises:
        ConfigError: it cannot be read, or is not valid TOML.
    """
    said = f"{what} cannot be read"
    expected = "a readable TOML file"
    with raised_as(ConfigError, said, path, expected=expected, do="correct the path"):
        data = read_given(path, SMALL)
    try:
        return parse_toml(data)
    except ValueError as error:
        raise ConfigError(
            f"{what} is not valid TOML",
            where=str(path),
            got=str(error),
            expected="TOML 1.0, UTF-8",
            do="correct the file at that place",
        ) from error
