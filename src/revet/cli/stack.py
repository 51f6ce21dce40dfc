"""What the name of a stack means: a blueprint, a program or a Terraform folder."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path

import revet
from revet.cli.judging import Judging
from revet.cli.project import Project, Stack
from revet.model.errors import ConfigError, UsageError
from revet.synth.command import resolve_command

_PROGRAM = "program.py"
_REQUIREMENTS = "requirements.toml"
_PROPERTIES = "properties.toml"
_ATTACKS = "attacks.toml"
_FLOW = "flow.toml"
_BASELINE = "baseline.toml"


def blueprints() -> dict[str, Path]:
    """Name of every blueprint, its folder's with hyphens, to that folder."""
    folder = Path(revet.__path__[0]) / "blueprints"  # importing it would start Node
    return {
        path.parent.name.replace("_", "-"): path.parent
        for path in sorted(folder.glob(f"*/{_PROGRAM}"))
    }


def find_stack(name: str, project: Project) -> Stack:
    """Find a stack by its name: first in `revet.toml`, then among the blueprints.

    Args:
        name: as the user wrote it.
        project: what `revet.toml` says.

    Raises:
        UsageError: there is no such stack.
        ConfigError: `revet.toml` names a program or folder that is not there.
    """
    known = blueprints()
    if name not in project.stacks and name not in known:
        names = [*project.stacks, *known]
        close = difflib.get_close_matches(name, names, n=1)
        raise UsageError(
            "no such stack",
            where=str(project.path or "no `revet.toml` here"),
            got=f"`{name}`",
            expected=", ".join(f"`{item}`" for item in dict.fromkeys(names)) or "a plan file",
            do=f"did you mean `{close[0]}`?"
            if close
            else "name one of them, describe it in `revet.toml`, or give the path of a plan",
        )
    stack = project.stacks.get(name) or replace(project.shared, name=name, root=project.root)
    if stack.program:
        _require_program(project, stack)
    elif stack.terraform:
        if not stack.terraform.exists():
            raise ConfigError(
                "what a stack is made of is not there",
                where=f"{project.path}, stacks.{name}",
                got=f"no `{stack.terraform}`",
                expected="a file or folder, relative to `revet.toml`",
                do="correct the path",
            )
    elif name in known:
        stack = replace(stack, program=(str(known[name] / _PROGRAM),), blueprint=True)
    else:
        raise ConfigError(
            "a stack without a program",
            where=f"{project.path}, stacks.{name}",
            expected="`program` or `terraform`, or the name of a blueprint: "
            + ", ".join(f"`{item}`" for item in known),
            do="add `program`",
        )
    judging = stack.judging
    if judging.requirements is None and name in known:
        judging = _of_blueprint(judging, known[name])
    if judging.baseline is None and stack.blueprint and (known[name] / _BASELINE).is_file():
        judging = replace(judging, baseline=str(known[name] / _BASELINE))
    return replace(stack, judging=judging)


def _of_blueprint(judging: Judging, folder: Path) -> Judging:
    """What a blueprint has beside it, where nothing else is named."""

    def beside(given: Path | None, name: str) -> Path | None:
        return given or (folder / name if (folder / name).is_file() else None)

    return replace(
        judging,
        requirements=folder / _REQUIREMENTS,
        properties=beside(judging.properties, _PROPERTIES),
        attacks=beside(judging.attacks, _ATTACKS),
        flow=beside(judging.flow, _FLOW),
    )


def require_synthesized(stack: Stack) -> None:
    """Make sure that a stack is made by a program.

    Raises:
        UsageError: it is a Terraform folder.
    """
    if stack.terraform is not None:
        raise UsageError(
            "a Terraform folder is not synthesized",
            where=f"stack `{stack.name}`",
            got=f"`terraform = {stack.terraform}`",
            expected="a blueprint, or a stack with a `program`",
            do=f"`revet check {stack.name}` plans and judges it as it is",
        )


def _require_program(project: Project, stack: Stack) -> None:
    """Make sure that a program can be started, before anything is begun."""
    try:
        resolve_command(stack.program, project.root)
    except UsageError as error:
        raise ConfigError(
            error.what,
            where=", ".join(filter(None, (f"{project.path}, stacks.{stack.name}", error.where))),
            got=error.got,
            expected=error.expected,
            do=error.do,
        ) from error
