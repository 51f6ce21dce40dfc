"""`revet rehearse`: the whole road on the embedded AWS, leaving nothing behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revet.cli.judging import Judging
from revet.cli.landing import land
from revet.cli.options import (
    AllowProvider,
    AllowProvisioners,
    BaselineName,
    ConfigPath,
    FailOnLevel,
    FormatName,
    OutputPath,
    PreviousPath,
    RequirementsPath,
    StackName,
    TargetName,
    TimeLimit,
    WaiversPath,
)
from revet.cli.output import Format, deliver, note
from revet.cli.prerequisites import need
from revet.cli.previous import earlier
from revet.cli.progress import progress
from revet.cli.road import configure, road_input
from revet.cli.workdir import KEPT, REPORT, STATE
from revet.model.errors import UsageError

if TYPE_CHECKING:
    from revet.model.verdict import Verdict

EPHEMERAL = {"LIFECYCLE": "EPHEMERAL"}
"""What a blueprint's program is told, since a rehearsal destroys what it has deployed."""


def rehearse(
    name: StackName,
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave it deployed, for `verify` and `destroy`.")
    ] = False,
    allow_provider: AllowProvider = None,
    allow_provisioners: AllowProvisioners = False,
    requirements: RequirementsPath = None,
    baseline: BaselineName = None,
    waivers: WaiversPath = None,
    fail_on: FailOnLevel = None,
    time_limit: TimeLimit = None,
    previous: PreviousPath = None,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Deploy, verify, plan again and destroy on the embedded AWS."""
    before = earlier(previous, baseline)
    given = Judging(requirements, before.baseline, waivers, fail_on, time_limit)
    verdict, directory = rehearsed(
        name,
        given,
        config,
        keep=keep,
        providers=allow_provider,
        provisioners=allow_provisioners,
    )
    verdict = before.beside(verdict)
    deliver(verdict, wanted, output)
    note(f"report: {directory / REPORT}")
    return verdict.decision.exit_code


def rehearsed(
    name: str,
    given: Judging,
    config: Path | None,
    *,
    keep: bool = False,
    providers: Sequence[str] | None = None,
    provisioners: bool = False,
) -> tuple[Verdict, Path]:
    """Rehearse a stack.

    Args:
        name: of the stack.
        given: what the call asks to judge against; the stack's own where it does not say.
        config: the `revet.toml` to use.
        keep: leave what was deployed.
        providers: sources of further providers that the user lets run.
        provisioners: whether the user lets provisioners run.

    Returns:
        The verdict, and the working folder that holds the report.

    Raises:
        RevetError: a step failed before anything was made, or the user stopped it.
    """
    with land(
        name, TargetName.EMBEDDED, action="rehearse", config=config, stay=keep, own=not keep
    ) as landing:
        stack, directory = landing.stack, landing.directory
        loaded = given.over(stack.judging).load()
        need("stack", "embedded")
        from revet.rehearsal.rehearse import rehearse as walk  # noqa: PLC0415 - needs the extra

        if keep:
            refuse_deployed(name, directory)
            (directory / KEPT).touch()
        with progress() as observe:
            variables = EPHEMERAL if stack.blueprint else None
            configuration = configure(stack, directory, observe, variables, held=landing.held)
            road = road_input(
                stack, configuration, loaded, providers=providers, provisioners=provisioners
            )
            verdict = walk(
                road,
                landing.target,
                directory,
                observe,
                keep=keep,
                held=landing.held,
                cleared=landing.cleared,
            )
    return verdict, directory


def refuse_deployed(name: str, directory: Path) -> None:
    """Keep a rehearsal that is to be kept from replacing what `revet deploy` has deployed.

    What an earlier rehearsal has kept may be replaced. Without `--keep` there is nothing to refuse:
    a rehearsal has an embedded AWS of its own.

    Args:
        name: of the stack.
        directory: its working folder on the project's embedded AWS.

    Raises:
        UsageError: something is deployed there, and not by a rehearsal.
    """
    from revet.rehearsal.own import managed_resources  # noqa: PLC0415 - not to parse a call

    number = managed_resources(directory / STATE)
    if number != 0 and not (directory / KEPT).exists():
        raise UsageError(
            "the stack is deployed on the embedded AWS; a rehearsal that is kept would replace it",
            where=str(directory),
            got="a broken state" if number is None else f"{number} resources in the state",
            expected="nothing deployed, for `--keep`",
            do=f"`revet destroy {name}` first, or rehearse without `--keep`, which touches nothing",
        )
