"""The commands of `revet`, and how a call of one ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import revet
from revet.cli.failure import run
from revet.cli.machine_refusals import ReaderGoneError, name_output, refusal
from revet.cli.output import say
from revet.cli.streams import be_tolerant, reader_has_gone

_COMMANDS = {
    "synth": "Synthesize a stack to Terraform's JSON.",
    "export": "Write a stack as one readable file of HCL.",
    "check": "Judge a plan before anything is deployed, or a state.",
    "rehearse": "Deploy, verify, plan again and destroy on the embedded AWS.",
    "deploy": "Deploy a stack, if its plan passes the gate.",
    "verify": "Judge what is deployed, and what is attached to it, in the account.",
    "audit": "Judge whole accounts, read-only, by the controls of a plan.",
    "destroy": "Destroy a deployed stack, and say what is left.",
    "report": "Show the verdict of an earlier run again.",
    "demo": "Walk the whole road for a blueprint; needs no account.",
    "aws": "Start, stop and use the embedded AWS.",
    "controls": "List, show and begin controls.",
    "iam": "Validate policies, decide requests and explain why.",
    "imports": "Find and right wrong or outdated imports of CDK Terrain.",
    "new": "Begin a project from a blueprint: program, requirements, CI.",
    "init": "Begin a project without a blueprint: settings and hooks.",
    "doctor": "Show what is installed and what is missing.",
}
"""Name of a command to its line of help. A command is the function of its name, or the group `app`,
in the module of its name, which is loaded when the command is asked for and not for the help."""


class Commands(TyperGroup):
    """A group that loads a command when it is asked for, and whose exit codes are all ours."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - the signature of the base class
        """The names of the commands; see the base class."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - same
        """The command of a name, its module loaded now; see the base class."""
        del ctx
        if cmd_name in _COMMANDS and self.commands.get(cmd_name) is None:
            module = import_module(f"revet.cli.{cmd_name}")
            made = getattr(module, cmd_name, None) or module.app
            self.commands[cmd_name] = _built(made, cmd_name)
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - same
        """The command that a call begins with; see the base class."""
        held: Any = self.commands  # of which the base class suggests one
        for name in _COMMANDS:
            held.setdefault(name, None)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - same
        """Write the commands into the help; see the base class."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - the signature of the base class
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 - same
        **extra: Any,  # noqa: ANN401 - same
    ) -> Any:  # noqa: ANN401 - same
        """Run a call; see the base class. Exits with the codes that `failure.run` names."""
        name_output()
        be_tolerant(sys.stdout)
        be_tolerant(sys.stderr)
        code = run(
            lambda: super(Commands, self).main(
                args, prog_name, complete_var, False, windows_expand_args, **extra
            ),
            list(sys.argv[1:] if args is None else args),
        )
        if standalone_mode:
            sys.exit(code)
        return code

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the signature of the base class
        """Run the command; see the base class."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # typer would end without a word
            gone = None if reader_has_gone() else refusal(error)
            raise gone or ReaderGoneError from error


def _built(made: Any, name: str) -> Any:  # noqa: ANN401 - as typer's own
    """The command of a function, or the group of a `Typer`."""
    if isinstance(made, typer.Typer):
        made.info.name, made.info.help = name, _COMMANDS[name]
        return typer.main.get_group(made)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name)(made)
    return typer.main.get_command(alone)


app = typer.Typer(
    cls=Commands,
    name="revet",
    help="From requirements to evidence for AWS security configuration.",
    epilog="Exit codes: 0 allowed or done, 1 blocked, 2 could not tell or failed, "
    "3 wrong usage or a missing prerequisite, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(value: bool) -> None:  # noqa: FBT001 - the signature of an option's callback
    if value:
        say(f"revet {revet.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    _shown: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Hold the options before the command."""
