"""`revet rehearse`: the whole road on the embedded AWS, leaving nothing behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revet.cli.judging import Judging
from revet.cli.landing import land
from revet.cli.options import (
    BaselineName,
    ConfigPath,
    FailOnLevel,
    FormatName,
    OutputPath,
    PreviousPath,
    RequirementsPath,
    StackName,
    TargetName,
    WaiversPath,
)
from revet.cli.output import Format, deliver, note
from revet.cli.prerequisites import need
from revet.cli.previous import earlier
from revet.cli.progress import progress
from revet.cli.road import configure, road_input
from revet.cli.workdir import REPORT, STATE, VERDICT
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
    requirements: RequirementsPath = None,
    baseline: BaselineName = None,
    waivers: WaiversPath = None,
    fail_on: FailOnLevel = None,
    previous: PreviousPath = None,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Deploy, verify, plan again and destroy on the embedded AWS."""
    before = earlier(previous, baseline)
    given = Judging(requirements, before.baseline, waivers, fail_on)
    verdict, directory = rehearsed(name, given, config, keep=keep)
    verdict = before.beside(verdict)
    deliver(verdict, wanted, output)
    note(f"report: {directory / REPORT}")
    return verdict.decision.exit_code


def rehearsed(
    name: str, given: Judging, config: Path | None, *, keep: bool = False
) -> tuple[Verdict, Path]:
    """Rehearse a stack.

    Args:
        name: of the stack.
        given: what the call asks to judge against; the stack's own where it does not say.
        config: the `revet.toml` to use.
        keep: leave what was deployed.

    Returns:
        The verdict, and the working folder that holds the report.

    Raises:
        RevetError: a step failed before anything was made, or the user stopped it.
    """
    with land(name, TargetName.EMBEDDED, action="rehearse", config=config, stay=keep) as landing:
        stack, directory = landing.stack, landing.directory
        loaded = given.over(stack.judging).load()
        refuse_deployed(name, directory)
        need("stack", "embedded")
        from revet.rehearsal.rehearse import rehearse as walk  # noqa: PLC0415 - needs the extra

        with progress() as observe:
            variables = EPHEMERAL if stack.blueprint else None
            configuration = configure(stack, directory, observe, variables)
            road = road_input(stack, configuration, loaded)
            verdict = walk(road, landing.target, directory, observe, keep=keep)
    return verdict, directory


def refuse_deployed(name: str, directory: Path) -> None:
    """Keep a rehearsal from destroying what `revet deploy` has deployed in the same place.

    Args:
        name: of the stack.
        directory: its working folder.

    Raises:
        UsageError: something is deployed there, and not by a rehearsal.
    """
    try:
        state = json.loads((directory / STATE).read_text(encoding="utf-8"))
        verdict = json.loads((directory / VERDICT).read_text(encoding="utf-8"))
        stage = verdict["provenance"]["stage"]
        number = len(state["resources"])
    except (OSError, ValueError, KeyError, TypeError):
        return  # nothing that a deployment would have left whole
    if number and stage in ("deploy", "verify"):
        raise UsageError(
            "the stack is deployed on the embedded AWS, and a rehearsal would destroy it",
            where=str(directory),
            got=f"{number} resources in the state",
            expected="nothing deployed",
            do=f"`revet destroy {name}` first",
        )
