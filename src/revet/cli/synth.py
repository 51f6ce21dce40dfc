"""`revet synth`: run a stack's program and say what it wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from revet.cli.options import ConfigPath, StackName
from revet.cli.output import say
from revet.cli.progress import progress
from revet.cli.project import find_project
from revet.cli.road import configure
from revet.cli.stack import find_stack
from revet.cli.workdir import home
from revet.model.errors import UsageError


def synth(
    name: StackName,
    *,
    directory: Annotated[
        Path | None,
        typer.Option("--directory", "-d", help="Output folder; `.revet/STACK` by default."),
    ] = None,
    config: ConfigPath = None,
) -> int:
    """Synthesize a stack to Terraform's JSON."""
    project = find_project(config)
    stack = find_stack(name, project)
    if stack.terraform is not None:
        raise UsageError(
            "a Terraform folder is not synthesized",
            where=f"stack `{name}`",
            got=f"`terraform = {stack.terraform}`",
            expected="a blueprint, or a stack with a `program`",
            do=f"`revet check {name}` plans and judges it as it is",
        )
    with progress() as observe:
        configuration = configure(stack, directory or home(project.root) / name, observe)
    if configuration.synth is None:  # only a Terraform folder has none, and it was refused above
        return 2
    content = json.loads(configuration.synth.read_text(encoding="utf-8"))
    resources = sum(len(items) for items in content.get("resource", {}).values())
    say(f"{configuration.synth}: {resources} resources")
    return 0
