"""What the name of a stack means: a blueprint, a program or a Terraform folder."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from pathlib import Path

import revet
from revet.cli.judging import Judging
from revet.cli.project import Project, StackSettings
from revet.model.errors import ConfigError, UsageError
from revet.synth.command import resolve_command

_PROGRAM = "program.py"
_REQUIREMENTS = "requirements.toml"
_BASELINE = "baseline.toml"


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that can be synthesized, or a Terraform folder that can be planned.

    Args:
        name: as the user calls it.
        root: folder of the project.
        program: the command that synthesizes it; empty for a Terraform folder.
        terraform: folder with a Terraform configuration; None for a program.
        judging: what configuration and blueprint say it is judged against.
        region: primary region; empty where the program itself decides.
        account: id of the account that `--target aws` may use; empty when it must be asked for.
        blueprint: whether the program is that of a blueprint of ours.
        chosen: id of the stack in its program's app; empty for the one of that name, or the only
            one.
    """

    name: str
    root: Path
    program: tuple[str, ...]
    terraform: Path | None
    judging: Judging
    region: str = ""
    account: str = ""
    blueprint: bool = False
    chosen: str = ""

    @property
    def folder(self) -> Path:
        """Where the program runs: the project's folder; for a blueprint the current one."""
        return Path.cwd() if self.blueprint else self.root


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
    settings = project.stacks.get(name) or replace(project.shared, name=name)
    judging = settings.judging
    program, blueprint = settings.program, False
    if program:
        _require_program(project, settings)
    elif settings.terraform:
        if not settings.terraform.exists():
            raise ConfigError(
                "what a stack is made of is not there",
                where=f"{project.path}, stacks.{name}",
                got=f"no `{settings.terraform}`",
                expected="a file or folder, relative to `revet.toml`",
                do="correct the path",
            )
    else:
        if name not in known:
            raise ConfigError(
                "a stack without a program",
                where=f"{project.path}, stacks.{name}",
                expected="`program` or `terraform`, or the name of a blueprint: "
                + ", ".join(f"`{item}`" for item in known),
                do="add `program`",
            )
        program = (str(known[name] / _PROGRAM),)
        blueprint = True
    if judging.requirements is None and name in known:
        judging = replace(judging, requirements=known[name] / _REQUIREMENTS)
    if judging.baseline is None and blueprint and (known[name] / _BASELINE).is_file():
        judging = replace(judging, baseline=str(known[name] / _BASELINE))
    return Stack(
        name,
        project.root,
        program,
        settings.terraform,
        judging,
        settings.region or "",
        settings.account or "",
        blueprint,
        settings.stack or "",
    )


def _require_program(project: Project, settings: StackSettings) -> None:
    """Make sure that a program can be started, before anything is begun."""
    try:
        resolve_command(settings.program, project.root)
    except UsageError as error:
        raise ConfigError(
            error.what,
            where=", ".join(filter(None, (f"{project.path}, stacks.{settings.name}", error.where))),
            got=error.got,
            expected=error.expected,
            do=error.do,
        ) from error
