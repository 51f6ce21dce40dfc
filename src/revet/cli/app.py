"""The commands of `revet`, and how a call of one ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import revet
from revet.cli import (
    audit,
    aws,
    check,
    controls,
    demo,
    deploy,
    destroy,
    doctor,
    iam,
    imports,
    init,
    rehearse,
    report,
    verify,
)
from revet.cli import synth as synthesize
from revet.cli.failure import run
from revet.cli.machine import ReaderGoneError, name_output, refusal
from revet.cli.output import say
from revet.cli.streams import be_tolerant, reader_has_gone


class Commands(TyperGroup):
    """A group whose every way out is an exit code of ours."""

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


app.command("synth")(synthesize.synth)
app.command("check")(check.check)
app.command("rehearse")(rehearse.rehearse)
app.command("deploy")(deploy.deploy)
app.command("verify")(verify.verify)
app.command("audit")(audit.audit)
app.command("destroy")(destroy.destroy)
app.command("report")(report.report)
app.command("demo")(demo.demo)
app.add_typer(aws.app, name="aws")
app.add_typer(controls.app, name="controls")
app.command("explain")(controls.show)
app.add_typer(iam.app, name="iam")
app.add_typer(imports.app, name="imports")
app.command("init")(init.init)
app.command("doctor")(doctor.doctor)
