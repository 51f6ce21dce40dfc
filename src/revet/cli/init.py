"""`revet init`: a project begins with its settings and its hooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from revet.cli.output import save, say
from revet.model.errors import UsageError

SETTINGS = """\
# What revet judges against, and where. Paths are relative to this file.
fail_on = "low" # the least severity that blocks; `none` blocks on nothing
# time_limit = 300 # seconds that judging a plan may take; by default it grows with the plan
# requirements = "requirements.toml"
# frameworks = ["pci_dss"] # of these the verdict says which rows are supported
# waivers = "waivers.toml"
# region = "eu-central-1"

# One table a stack: a Python program, or a folder with a Terraform configuration.
# [stacks.payments]
# program = "python payments.py"
# stack = "payments" # which one, where the program makes several and none has the table's name
#
# [stacks.network]
# terraform = "terraform/network"
"""

HOOKS = """\
# `pre-commit install`, then these run before every commit, and the gate before every push. All are
# programs of your environment and need no network: pip install pre-commit ruff mypy 'revet[stack]'
default_install_hook_types: [pre-commit, pre-push]
default_stages: [pre-commit]
repos:
  - repo: local
    hooks:
      - id: ruff
        name: ruff
        entry: ruff check --force-exclude
        language: system
        types_or: [python, pyi]
      - id: ruff-format
        name: ruff format
        entry: ruff format --check --force-exclude
        language: system
        types_or: [python, pyi]
      - id: mypy
        name: mypy
        entry: mypy
        language: system
        types_or: [python, pyi]
        require_serial: true
      - id: revet-imports
        name: revet imports check
        entry: revet imports check
        language: system
        types_or: [python, pyi]
        require_serial: true
      - id: revet-check
        name: revet check
        # a plan (terraform show -json plan.bin > plan.json), or the name of a stack of `revet.toml`
        entry: revet check plan.json
        language: system
        always_run: true
        pass_filenames: false
        stages: [pre-push]
"""

FILES = {"revet.toml": SETTINGS, ".pre-commit-config.yaml": HOOKS}


def init(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Folder of the project.", show_default=False)
    ] = Path(),
) -> int:
    """Begin a project: `revet.toml` and hooks for pre-commit. Nothing is overwritten."""
    there = [name for name in FILES if (directory / name).exists()]
    if there:
        raise UsageError(
            "a file is there already, and nothing is overwritten",
            where=str(directory.resolve()),
            got=", ".join(f"`{name}`" for name in there),
            expected="a folder without " + " and ".join(f"`{name}`" for name in FILES),
            do="move it away, or name another folder",
        )
    for name, text in FILES.items():
        save(directory / name, text)
        say(f"written: {directory / name}")
    say("next:")
    say("  name your stacks in `revet.toml`")
    say("  in `.pre-commit-config.yaml`, let `revet check` judge your plan or one of your stacks")
    say("  `pre-commit install`: lint, types, imports before a commit, the gate before a push")
    say("  `revet doctor` says what is missing on this machine")
    return 0
