"""Read a TOML file that the user writes, with an error that says where."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from revet.model.errors import ConfigError


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """Parse a TOML file.

    Args:
        path: of the file.
        what: what kind of file it is, for the message ("a waiver file").

    Raises:
        ConfigError: there is no such file, or it is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{what} cannot be read",
            where=str(path),
            got=error.strerror or str(error),
            expected="a readable TOML file",
            do="correct the path",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{what} is no TOML",
            where=str(path),
            got=str(error),
            expected="TOML 1.0, UTF-8",
            do="correct the file at that place",
        ) from error


def check_fields(
    where: str, what: str, table: object, fields: Mapping[str, type], needed: Collection[str] = ()
) -> None:
    """Check the fields of a table: all known, of the right type, the needed ones there.

    Args:
        where: file and table, for the message.
        what: what the table is ("a waiver").
        table: as parsed; anything but a table is an error too.
        fields: name to type.
        needed: names that must be there and not empty.

    Raises:
        ConfigError: it is not so.
    """
    expected = ", ".join(f"`{name}` ({kind.__name__})" for name, kind in fields.items())
    if not isinstance(table, Mapping):
        raise ConfigError(
            f"{what} is no table",
            where=where,
            got=f"`{table!r}`",
            expected=expected,
            do="write it as a table",
        )
    for name, value in table.items():
        if name not in fields or not isinstance(value, fields[name]):
            raise ConfigError(
                f"a field of {what} is unknown or of the wrong type",
                where=where,
                got=f"`{name} = {value!r}`",
                expected=expected,
                do="correct it",
            )
    for name in needed:
        if not table.get(name):
            raise ConfigError(
                f"a field of {what} is missing",
                where=where,
                got=f"no `{name}`",
                expected=", ".join(f"`{field}`" for field in needed),
                do=f"add `{name}`",
            )
