"""`revet new`: a project that runs, begun from a blueprint."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from revet.cli.output import say
from revet.cli.scaffold import PROGRAM, begin_project, project_files


def new(
    blueprint: Annotated[
        str,
        typer.Argument(
            metavar="BLUEPRINT", help="`tap`, `zero-trust` or another of ours.", show_default=False
        ),
    ],
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of the project.", show_default=False)
    ],
) -> int:
    """Begin a project from a blueprint: program, requirements, CI. Nothing is overwritten."""
    begin_project(directory, project_files(blueprint))
    say("next:")
    say(f"  cd {shlex.quote(str(directory))}")
    say("  pip install -r requirements.txt")
    say(f"  revet check {blueprint}: synthesizes, plans and judges it")
    say(f"  revet rehearse {blueprint}: deploys it onto an AWS in a process, and destroys it again")
    say(f"  `{PROGRAM}` takes your arguments; `README.md` says the rest")
    return 0
