"""`revet report`: show a verdict of an earlier run in another format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from revet.cli.options import FormatName, OutputPath, TargetName
from revet.cli.output import Format, deliver
from revet.cli.workdir import VERDICT, workdir
from revet.model.errors import InputError, UsageError
from revet.model.verdict import SCHEMA_VERSION, Verdict


def report(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="VERDICT.json|STACK",
            help="A verdict as JSON, or the name of a stack that was run here.",
        ),
    ],
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    target: Annotated[
        TargetName | None, typer.Option("--target", help="Only what ran on this target.")
    ] = None,
) -> int:
    """Show the verdict of an earlier run again. Exits 0 whatever the verdict was."""
    path = Path(subject)
    if not path.suffix and not path.is_file():
        path = latest(subject, target)
    deliver(read_verdict(path), wanted, output)
    return 0


def latest(stack: str, target: TargetName | None) -> Path:
    """The newest verdict about a stack that was run here.

    Args:
        stack: its name.
        target: only of this target; of any, and of `revet check`, when None.

    Returns:
        Its path, whether it exists or not.
    """
    places = (
        [target.value] if target else [TargetName.EMBEDDED.value, TargetName.AWS.value, "check"]
    )
    paths = [workdir(stack, place) / VERDICT for place in places]
    return max(paths, key=lambda path: path.stat().st_mtime_ns if path.is_file() else -1)


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
