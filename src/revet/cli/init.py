"""`revet init`: a project begins with its settings and its hooks; its stacks are yours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from revet.cli.output import say
from revet.cli.scaffold import begin_project, project_files


def init(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Folder of the project.", show_default=False)
    ] = Path(),
) -> int:
    """Begin a project without a blueprint: settings and hooks. Nothing is overwritten."""
    begin_project(directory, project_files())
    say("next:")
    say("  name your stacks in `revet.toml`")
    say("  in `.pre-commit-config.yaml`, let `revet check` judge your plan or one of your stacks")
    say("  `pre-commit install`: lint, types, imports before a commit, the gate before a push")
    say("  `revet doctor` says what is missing on this machine")
    return 0
