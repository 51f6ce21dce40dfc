"""`revet export`: a stack in another form than that in which Terraform is run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from revet.cli import options
from revet.cli.configuration import configure
from revet.cli.output import note, save, show
from revet.cli.programs import Programs
from revet.cli.progress import progress
from revet.cli.project import find_project
from revet.cli.stack import find_stack, require_synthesized
from revet.cli.workdir import home
from revet.model.errors import InputError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_ASSETS = "assets"


@app.callback()
def _options() -> None:
    """Keep `hcl` a word of its own, although it is the only one."""


@app.command("hcl")
def hcl(
    name: Annotated[
        str,
        typer.Argument(
            metavar="STACK",
            help="A blueprint (`tap`), or a stack of `revet.toml` with a program.",
            show_default=False,
        ),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the file there; by default to stdout."),
    ] = None,
    config: options.ConfigPath = None,
) -> int:
    """Write a stack as one readable file of HCL, whose plan is that of the synthesized JSON."""
    project = find_project(config)
    stack = find_stack(name, project)
    require_synthesized(stack)
    with progress() as observe:
        made = configure(stack, home(project.root) / stack.name, observe, programs=Programs())
    if made.synth is None:
        raise InputError("the stack was not synthesized", where=f"stack `{stack.name}`")
    from revet.synth.hcl import export_hcl  # noqa: PLC0415 - its tables are not needed to parse

    content = json.loads(made.synth.read_text(encoding="utf-8"))
    written = export_hcl(content, made.chosen)
    if (made.directory / _ASSETS).is_dir():
        note(f"the file reads `{_ASSETS}/`: copy `{made.directory / _ASSETS}` beside it")
    if written.note:
        note(written.note)
    if output is None:
        show(written.text)
    else:
        save(output, written.text)
        resources = sum(len(items) for items in content.get("resource", {}).values())
        note(f"{output}: {resources} resources")
    return 0
