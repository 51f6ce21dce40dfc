"""A verdict that an earlier run wrote, read back: only as that run wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from revet.files import parse_json, read_given
from revet.model.errors import InputError, UsageError
from revet.model.verdict import DIGEST, KIND, SCHEMA_VERSION, Verdict, digest_of

_AGAIN = "run the command that wrote it again"


def read_verdict(path: Path) -> Verdict:
    """Read a verdict back from its JSON.

    Raises:
        UsageError: the file cannot be read.
        InputError: it is not a verdict, one of another version of the format, or was changed since
            revet wrote it.
    """
    data = _parsed(path)
    version = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(data, dict) or version != SCHEMA_VERSION:
        raise InputError(
            "not a verdict that this version reads",
            where=str(path),
            got=f"`schema` is `{version}`" if version else "no `schema`",
            expected=f'`"schema": "{SCHEMA_VERSION}"`',
            do="report it with the version of revet that wrote it, or run the command again",
        )
    _require_unchanged(data, path)
    try:
        verdict = Verdict.from_dict(data)
        again = verdict.as_dict()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            "a verdict is damaged",
            where=str(path),
            got=f"{type(error).__name__}: {error}",
            expected="`docs/schemas/verdict.schema.json`",
            do=_AGAIN,
        ) from error
    if KIND not in data:
        again = {name: value for name, value in again.items() if name != KIND}
    if digest_of(again) != data[DIGEST]:
        raise InputError(
            "a verdict contradicts itself",
            where=str(path),
            got="a decision, count or row that does not follow from its findings",
            expected="a verdict as revet writes it",
            do=_AGAIN,
        )
    return verdict


def _parsed(path: Path) -> Any:  # noqa: ANN401 - any JSON value
    expected = "a file that `revet … --format json` wrote"
    try:
        return parse_json(read_given(path))
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
            "a verdict is not valid JSON",
            where=str(path),
            got=str(error),
            expected=expected,
            do=_AGAIN,
        ) from error


def _require_unchanged(data: dict[str, Any], path: Path) -> None:
    said = data.get(DIGEST)
    if said is None:
        raise InputError(
            "a verdict without a digest: nothing shows that it is as revet wrote it",
            where=str(path),
            got=f"no `{DIGEST}`",
            expected=f"`{DIGEST}` over all of its content",
            do=_AGAIN,
        )
    computed = digest_of(data)
    if said != computed:
        raise InputError(
            "a verdict was changed after revet wrote it",
            where=str(path),
            got=f"content with the digest `{computed}`",
            expected=f"`{said}`, the digest in the file",
            do=f"{_AGAIN}; do not edit what it writes",
        )
