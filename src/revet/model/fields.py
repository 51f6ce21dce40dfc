"""What users write in TOML: which fields a table has, of which type, and names that must exist."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from types import GenericAlias, UnionType
from typing import TypeAlias

from revet.model.errors import ConfigError, UsageError
from revet.model.finding import quoted

Kind: TypeAlias = type | GenericAlias | UnionType
"""Of a field: `bool`, `int`, `str`, `list`, `dict`, `object` for any, `list[str]` and its like, or
one of several: `str | dict`."""
_WORDS = {bool: "boolean", int: "integer", str: "string", dict: "table", object: "any value"}


def kind_name(kind: Kind) -> str:
    """A type as a reader of TOML knows it."""
    if isinstance(kind, GenericAlias):
        return f"list of {_WORDS[kind.__args__[0]]}s"
    if isinstance(kind, UnionType):
        return " or ".join(map(kind_name, kind.__args__))
    return _WORDS.get(kind, kind.__name__)


def is_of(value: object, kind: Kind) -> bool:
    """Whether a value is of a type; a boolean is no integer, and no text of a list is empty."""
    if isinstance(kind, GenericAlias):
        inner = kind.__args__[0]
        some = value if isinstance(value, list | tuple) else (None,)
        return all(is_of(one, inner) and one != "" for one in some)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def check_fields(
    where: str,
    what: str,
    table: object,
    fields: Mapping[str, Kind],
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
    expected = ", ".join(f"`{name}` ({kind_name(kind)})" for name, kind in fields.items())
    if not isinstance(table, Mapping):
        raise ConfigError(
            f"{what} is not a table",
            where=where,
            got=f"`{table!r}`",
            expected=expected,
            do="write it as a table",
        )
    for name, value in table.items():
        if name not in fields or not is_of(value, fields[name]):
            close = [] if name in fields else difflib.get_close_matches(name, fields, n=1)
            raise ConfigError(
                f"a field of {what} is unknown or of the wrong type",
                where=where,
                got=f"`{name} = {value!r}`",
                expected=expected or "no field",
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


def check_name(
    name: str,
    known: Collection[str],
    what: str,
    where: str,
    *,
    do: str = "name one of them",
    kind: type[UsageError] = ConfigError,
) -> None:
    """Make sure that what a name names exists.

    Args:
        name: as it was given.
        known: all that exist; the message lists those that begin alike, where some do.
        what: is said of a name that is not among them.
        where: it was given.
        do: what to do where no name is like it.
        kind: of the error.

    Raises:
        UsageError: it is not among them; of the given kind.
    """
    if name in known:
        return
    begins = name.partition("-")[0]
    near = [one for one in known if one.partition("-")[0] == begins] or known
    close = difflib.get_close_matches(name, near, n=1)
    raise kind(
        what,
        where=where,
        got=f"`{name}`",
        expected=quoted(near),
        do=f"did you mean `{close[0]}`?" if close else do,
    )
