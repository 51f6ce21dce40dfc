"""The fields of tables that the user writes in TOML: which there are, of which type."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from types import GenericAlias

from revet.model.errors import ConfigError
from revet.model.finding import quoted


def check_fields(
    where: str,
    what: str,
    table: object,
    fields: Mapping[str, type | GenericAlias],
    needed: Collection[str] = (),
) -> None:
    """Check the fields of a table: all known, of the right type, the needed ones there.

    Args:
        where: file and table, for the message.
        what: what the table is ("a waiver").
        table: as parsed; anything but a table is an error too.
        fields: name to type; `list[str]` takes texts that are not empty.
        needed: names that must be there and not empty.

    Raises:
        ConfigError: it is not so.
    """
    expected = ", ".join(f"`{name}` ({_named(kind)})" for name, kind in fields.items())
    if not isinstance(table, Mapping):
        raise ConfigError(
            f"{what} is not a table",
            where=where,
            got=f"`{table!r}`",
            expected=expected,
            do="write it as a table",
        )
    for name, value in table.items():
        if name not in fields or not _is_of(value, fields[name]):
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


def _named(kind: type | GenericAlias) -> str:
    return "list of texts" if isinstance(kind, GenericAlias) else kind.__name__


def _is_of(value: object, kind: type | GenericAlias) -> bool:
    if isinstance(kind, GenericAlias):
        return isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    return isinstance(value, kind)
