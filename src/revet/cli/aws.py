"""`revet aws`: the embedded AWS of this project, for Terraform and programs of the user's own."""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revet.cli.output import note, say, show
from revet.cli.prerequisites import need
from revet.cli.project import find_project
from revet.cli.workdir import embedded_state, unused_state
from revet.model.errors import UsageError
from revet.report.json import render_document

if TYPE_CHECKING:
    from revet.embedded import Daemon

app = typer.Typer(
    help="Start, stop and use the embedded AWS.", no_args_is_help=True, rich_markup_mode=None
)

StateFolder = Annotated[
    Path | None,
    typer.Option("--state", help="Folder of its state; one of the project by default."),
]


class Shape(StrEnum):
    """How the environment is written."""

    SHELL = "shell"
    JSON = "json"


@app.command("start")
def start(
    state: StateFolder = None,
    region: Annotated[
        str, typer.Option("--region", help="Default region of the programs that use it.")
    ] = "us-east-1",
) -> int:
    """Start it, with the state that it was left with."""
    need("embedded")
    from revet.embedded import find_daemon, start_daemon  # noqa: PLC0415 - not to parse a call

    folder = state or embedded_state()
    if unused := unused_state(find_project().root):
        note(unused)
    running = find_daemon(folder)
    daemon = running or start_daemon(folder, region=region)
    say(f"{'it runs already' if running else 'started'}: {_line(daemon)}")
    if warning := daemon.health()["warning"]:
        note(warning)
    note('in a shell: `eval "$(revet aws env)"`, then terraform, aws, boto3 as usual')
    return 0


@app.command("stop")
def stop(state: StateFolder = None) -> int:
    """Stop it; its state stays in its folder."""
    from revet.embedded import stop_daemon  # noqa: PLC0415 - not to parse a call

    folder = state or embedded_state()
    say(f"{'stopped' if stop_daemon(folder) else 'it was not running'}: {folder}")
    return 0


@app.command("status")
def status(state: StateFolder = None) -> int:
    """Say whether it runs and what exists in it. Exits 3 when it does not run."""
    daemon = _running(state or embedded_state())
    say(_line(daemon))
    for path, names in sorted(daemon.inventory().items()):
        say(f"  {path}: {', '.join(sorted(names))}")
    faults = daemon.internal_errors()
    if faults:
        say(f"  {len(faults)} faults; see {daemon.state_dir}")
    return 0


@app.command("env")
def env(
    state: StateFolder = None,
    shape: Annotated[
        Shape, typer.Option("--format", help="For a shell's `eval`, or as JSON.")
    ] = Shape.SHELL,
) -> int:
    """Write the variables that lead programs to it: `eval "$(revet aws env)"`."""
    daemon = _running(state or embedded_state())
    if shape is Shape.JSON:
        content = {"set": daemon.environment(), "unset": list(daemon.unset)}
        show(render_document("environment", content))
        return 0
    say(f"unset {' '.join(daemon.unset)}")
    for name, value in daemon.environment().items():
        say(f"export {name}={shlex.quote(value)}")
    return 0


def _running(folder: Path) -> Daemon:
    from revet.embedded import find_daemon  # noqa: PLC0415 - not to parse a call

    daemon = find_daemon(folder)
    if daemon is None:
        raise UsageError(
            "the embedded AWS does not run",
            where=str(folder),
            got="no daemon that answers",
            do="`revet aws start`",
        )
    return daemon


def _line(daemon: Daemon) -> str:
    return f"{daemon.url}, process {daemon.pid}, region {daemon.region}, state {daemon.state_dir}"
