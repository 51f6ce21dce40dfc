"""`revet synth`: run a stack's program and say what it wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from revet.cli import options
from revet.cli.configuration import configure
from revet.cli.output import note, say
from revet.cli.programs import Programs
from revet.cli.progress import progress
from revet.cli.project import find_project
from revet.cli.several import Configured, asked, in_order
from revet.cli.stack import require_synthesized
from revet.cli.workdir import home


def synth(
    name: options.SomeStack = None,
    *,
    every: options.Every = False,
    directory: Annotated[
        Path | None,
        typer.Option(
            "--directory",
            "-d",
            help="Output folder; `.revet/STACK` by default. With `--all`, one a stack in it.",
        ),
    ] = None,
    config: options.ConfigPath = None,
) -> int:
    """Synthesize a stack to Terraform's JSON."""
    project = find_project(config)
    stacks = asked(name, project, every=every)
    programs = Programs()
    rooms = {}
    for stack in stacks:
        if stack.terraform is not None and every:
            note(f"`{stack.name}` is a Terraform folder, which is not synthesized")
            continue
        require_synthesized(stack)
        default = home(project.root) / stack.name
        place = directory / stack.name if directory and every else directory or default
        with progress() as observe:
            configuration = configure(stack, place, observe, programs=programs)
        rooms[stack.name] = Configured(stack, configuration)
    for one in in_order(rooms.values()):
        if (path := rooms[one].configuration.synth) is None:
            return 2  # only a Terraform folder has none, and it was refused above
        content = json.loads(path.read_text(encoding="utf-8"))
        resources = sum(len(items) for items in content.get("resource", {}).values())
        say(f"{path}: {resources} resources")
    return 0
