"""A verdict that an earlier run wrote, read back."""

from __future__ import annotations

import json
from pathlib import Path

from revet.model.errors import InputError, UsageError
from revet.model.verdict import SCHEMA_VERSION, Verdict


def read_verdict(path: Path) -> Verdict:
    """Read a verdict back from its JSON.

    Raises:
        UsageError: there is no such file.
        InputError: it is no verdict, or one of another version of the format.
    """
    expected = "a file that `revet … --format json` wrote"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            "no verdict to report",
            where=str(path),
            got=(error.strerror or str(error)).lower(),
            expected=expected,
            do="run `revet check`, `revet rehearse` or `revet demo` first, or correct the path",
        ) from error
    except ValueError as error:
        raise InputError(
            "a verdict is no JSON",
            where=str(path),
            got=str(error),
            expected=expected,
            do="run the command that wrote it again",
        ) from error
    version = data.get("schema") if isinstance(data, dict) else None
    if version != SCHEMA_VERSION:
        raise InputError(
            "not a verdict that this version reads",
            where=str(path),
            got=f"`schema` is `{version}`" if version else "no `schema`",
            expected=f'`"schema": "{SCHEMA_VERSION}"`',
            do="report it with the version of revet that wrote it, or run the command again",
        )
    try:
        return Verdict.from_dict(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            "a verdict is damaged",
            where=str(path),
            got=f"{type(error).__name__}: {error}",
            expected="`docs/schemas/verdict.schema.json`",
            do="run the command that wrote it again",
        ) from error
