"""`revet report`: show a verdict of an earlier run in another format."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from revet.cli import options
from revet.cli.output import Format, deliver
from revet.cli.previous import earlier
from revet.cli.verdict_file import read_verdict
from revet.cli.workdir import CHECK, REHEARSAL, workdir
from revet.files import VERDICT
from revet.gate.frameworks import named_frameworks
from revet.model.verdict import Verdict


def report(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="VERDICT.json|STACK",
            help="A verdict as JSON, or the name of a stack that was run here.",
        ),
    ],
    wanted: options.FormatName = Format.TEXT,
    output: options.OutputPath = None,
    target: Annotated[
        options.TargetName | None, typer.Option("--target", help="Only what ran on this target.")
    ] = None,
    previous: options.PreviousPath = None,
    frameworks: options.FrameworkIds = None,
) -> int:
    """Show the verdict of an earlier run again. Exits 0 whatever the verdict was."""
    path = Path(subject)
    if not path.suffix and not path.is_file():
        path = latest(subject, target)
    verdict = earlier(previous).beside(read_verdict(path))
    deliver(with_frameworks(verdict, frameworks or ()), wanted, output)
    return 0


def latest(stack: str, target: options.TargetName | None) -> Path:
    """The newest verdict about a stack that was run here.

    Args:
        stack: its name.
        target: only of this target; of any, and of `revet check`, when None.

    Returns:
        Its path, whether it exists or not.
    """
    embedded = [options.TargetName.EMBEDDED.value, REHEARSAL]
    if target is None:
        places = [*embedded, options.TargetName.AWS.value, CHECK]
    else:
        places = embedded if target is options.TargetName.EMBEDDED else [target.value]
    paths = [workdir(stack, place) / VERDICT for place in places]
    return max(paths, key=lambda path: path.stat().st_mtime_ns if path.is_file() else -1)


def with_frameworks(verdict: Verdict, ids: Collection[str]) -> Verdict:
    """A verdict that speaks of the rows of more frameworks; what it says of others stays.

    Args:
        verdict: of an earlier run.
        ids: of the frameworks.

    Raises:
        UsageError: there is no such framework.
    """
    if not ids:
        return verdict
    more = named_frameworks(ids)
    kept = (one for one in verdict.frameworks if one.id not in {other.id for other in more})
    return replace(verdict, frameworks=(*kept, *more))
