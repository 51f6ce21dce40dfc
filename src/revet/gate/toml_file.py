"""Read a TOML file that the user writes, with an error that says where."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path
from types import UnionType
from typing import Any

from revet.files import SMALL, parse_toml, read_given
from revet.model.errors import ConfigError
from revet.model.finding import quoted


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """Parse a TOML file.

    Args:
        path: of the file.
        what: what kind of file it is, for the message ("a waiver file").

    Raises:
        ConfigError: it cannot be read, or is not valid TOML.
    """
    try:
        return parse_toml(read_given(path, SMALL))
    except OSError as error:
        raise ConfigError(
            f"{what} cannot be read",
            where=str(path),
            got=error.strerror or str(error),
            expected="a readable TOML file",
            do="correct the path",
        ) from error
    except ValueError as error:
        raise ConfigError(
            f"{what} is not valid TOML",
            where=str(path),
            got=str(error),
            expected="TOML 1.0, UTF-8",
            do="correct the file at that place",
        ) from error


def check_fields(
    where: str,
    what: str,
    table: object,
    fields: Mapping[str, type | UnionType],
    needed: Collection[str] = (),
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
    expected = ", ".join(f"`{name}` ({_word(kind)})" for name, kind in fields.items())
    if not isinstance(table, Mapping):
        raise ConfigError(
            f"{what} is not a table",
            where=where,
            got=f"`{table!r}`",
            expected=expected,
            do="write it as a table",
        )
    for name, value in table.items():
        if name not in fields or not isinstance(value, fields[name]):
            close = [] if name in fields else difflib.get_close_matches(name, fields, n=1)
            raise ConfigError(
                f"a field of {what} is unknown or of the wrong type",
                where=where,
                got=f"`{name} = {value!r}`",
                expected=expected,
                do=f"did you mean `{close[0]}`?" if close else "correct it",
            )
    for name in needed:
        value = table.get(name)
        if not (value.strip() if isinstance(value, str) else value):
            raise ConfigError(
                f"a field of {what} is missing",
                where=where,
                got=f"no `{name}`",
                expected=quoted(needed),
                do=f"add `{name}`",
            )


def _word(kind: type | UnionType) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind)
