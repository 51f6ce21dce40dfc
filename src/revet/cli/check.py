"""`revet check`: judge a plan, any Terraform plan, or a stack's."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revet.cli.judging import Judging, judge_plan
from revet.cli.landing import hold, own_aws
from revet.cli.options import (
    AllowProvider,
    AllowProvisioners,
    BaselineName,
    ConfigPath,
    Every,
    FailOnLevel,
    FailOnNew,
    FormatName,
    OutputPath,
    PreviousPath,
    RequirementsPath,
    TimeLimit,
    WaiversPath,
)
from revet.cli.output import Format, deliver
from revet.cli.prerequisites import need
from revet.cli.previous import earlier
from revet.cli.programs import Programs
from revet.cli.progress import progress
from revet.cli.project import find_project
from revet.cli.road import configure, road_input
from revet.cli.several import (
    Configured,
    asked,
    beginning,
    deliver_all,
    in_order,
    needs,
    read_from,
    require_deliverable,
)
from revet.cli.workdir import CHECK, workdir
from revet.files import read_stream
from revet.model.errors import InputError, UsageError

if TYPE_CHECKING:
    from revet.model.verdict import Verdict

STDIN = "-"
_SEPARATORS = ("/", "\\")
_OF_STATE = "a state: what Terraform knows of what it deployed, not what a plan would make of it"


def check(
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="[PLAN.json|STATE.json|STACK]",
            help="A plan or state as JSON (`terraform show -json`; `-`: stdin), or a stack's name.",
            show_default=False,
        ),
    ] = None,
    *,
    every: Every = False,
    synth: Annotated[
        Path | None,
        typer.Option("--synth", help="The plan's `cdk.tf.json`, for constructs and source lines."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--source",
            help="Folder of the plan's `.tf` files; by default the plan's, where they match it.",
        ),
    ] = None,
    allow_provider: AllowProvider = None,
    allow_provisioners: AllowProvisioners = False,
    requirements: RequirementsPath = None,
    baseline: BaselineName = None,
    waivers: WaiversPath = None,
    fail_on: FailOnLevel = None,
    time_limit: TimeLimit = None,
    previous: PreviousPath = None,
    fail_on_new: FailOnNew = False,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Judge a plan before anything is deployed, or a state."""
    before = earlier(previous, baseline, fail_on_new=fail_on_new)
    require_deliverable(wanted, output, before, every=every)
    given = Judging(requirements, before.baseline, waivers, fail_on, time_limit)
    if subject is not None and not every and is_plan(subject):
        verdict = check_plan(subject, synth, source, given.over(find_project(config).shared))
    elif synth is not None or source is not None:
        option = "--synth" if synth is not None else "--source"
        raise UsageError(
            f"`{option}` belongs to a plan file",
            where=option,
            got=f"the stack `{subject}`, which is synthesized anew" if subject else "no plan file",
            do="leave it out",
        )
    else:
        found = check_stacks(
            subject,
            given,
            config,
            every=every,
            providers=allow_provider,
            provisioners=allow_provisioners,
        )
        verdicts = [before.beside(item) for item in found]
        return deliver_all(verdicts, wanted, output, every=every)
    verdict = before.beside(verdict)
    deliver(verdict, wanted, output)
    return verdict.decision.exit_code


def check_stacks(
    name: str | None,
    given: Judging,
    config: Path | None,
    *,
    every: bool = False,
    providers: Sequence[str] | None = None,
    provisioners: bool = False,
) -> list[Verdict]:
    """Judge stacks: synthesize each, plan it on an empty embedded AWS, judge the plan.

    What a stack reads of others is known after apply, since none of them is deployed there.

    Args:
        name: of the stack, or None with `every`.
        given: what the call asks to judge against; the stack's own where it does not say.
        config: the `revet.toml` to use.
        every: every stack of `revet.toml`.
        providers: sources of further providers that the user lets run.
        provisioners: whether the user lets provisioners run.

    Raises:
        RevetError: any step fails.
    """
    project = find_project(config)
    stacks = asked(name, project, every=every)
    loaded = {stack.name: given.over(stack.judging).load() for stack in stacks}
    need("stack", "embedded")
    from revet.rehearsal import commands  # noqa: PLC0415 - needs the extras

    programs = Programs()
    with ExitStack() as entered:
        rooms, locks = {}, {}
        for stack in stacks:
            directory = workdir(stack.name, CHECK, project.root)
            locks[stack.name], _ = entered.enter_context(hold(directory, f"check {stack.name}"))
            with progress() as observe:
                configuration = configure(
                    stack, directory, observe, held=locks[stack.name], programs=programs
                )
            rooms[stack.name] = Configured(stack, configuration)
        order = in_order(rooms.values())
        verdicts = []
        for one in order:
            beginning("check", one, order)
            room = rooms[one]
            read_from(room, dict.fromkeys(needs(room)))
            road = road_input(
                room.stack,
                room.configuration,
                loaded[one],
                providers=providers,
                provisioners=provisioners,
            )
            held = locks[one]
            directory = workdir(one, CHECK, project.root)
            with own_aws(held) as target_of, progress() as observe:
                verdicts.append(commands.check(road, target_of(one), directory, observe, held))
    return verdicts


def is_plan(subject: str) -> bool:
    """Whether a subject is a plan and not the name of a stack."""
    looks_like_a_path = subject.endswith(".json") or any(mark in subject for mark in _SEPARATORS)
    return subject == STDIN or looks_like_a_path or Path(subject).is_file()


def check_plan(subject: str, synth: Path | None, source: Path | None, judging: Judging) -> Verdict:
    """Judge a plan or state file.

    Args:
        subject: its path, or `-` for stdin.
        synth: the synthesized configuration that the plan was made of.
        source: folder of the configuration's files.
        judging: what it is judged against.

    Raises:
        UsageError: a file does not exist.
        InputError: a file cannot be read, or is neither a plan nor a state.
        ConfigError: requirements, baseline or waivers are wrong.
        PrerequisiteError: there is a folder of sources, and no parser for them.
    """
    from revet.plan import Reading  # noqa: PLC0415 - not needed to parse a call
    from revet.plan.given import load_given  # noqa: PLC0415 - not needed to parse a call

    loaded = judging.load()
    if synth is not None:
        _require_file(synth, "--synth")
    if source is not None and not source.is_dir():
        raise UsageError(
            "no such folder",
            where="--source",
            got=f"`{source}`" + (", a file" if source.exists() else ""),
            expected="the folder of the root module's `.tf` files",
            do="correct the path, or leave it out",
        )
    path = Path(subject)
    if subject != STDIN:
        _require_file(path, "PLAN.json")
    found = _Beside(source) if source is not None or subject == STDIN else _beside(path)
    given = _stdin() if subject == STDIN else path
    inventory = load_given(given, synth, found.folder)
    is_state = inventory.reading is Reading.STATE
    if source is not None and is_state:
        raise UsageError(
            "`--source` belongs to a plan",
            where="--source",
            got="a state, which does not hold the configuration that the files belong to",
            do="leave it out, or pass the plan",
        )
    verdict = judge_plan(inventory, loaded, stack="stdin" if subject == STDIN else path.name)
    note = _OF_STATE if is_state else found.note
    if not note:
        return verdict
    notes = {**verdict.provenance.notes, "judged" if is_state else "sources": note}
    return replace(verdict, provenance=replace(verdict.provenance, notes=notes))


@dataclass(frozen=True, slots=True)
class _Beside:
    """The sources that lie beside a plan: their folder, or why they are not read."""

    folder: Path | None = None
    note: str = ""


def _beside(plan: Path) -> _Beside:
    from revet.plan.source import can_parse, has_sources  # noqa: PLC0415 - as above

    folder = plan.parent
    if not has_sources(folder):
        return _Beside()
    if not can_parse():
        return _Beside(note=f"those in `{folder}` were not read: `pip install 'revet[sources]'`")
    return _Beside(folder)


def _stdin() -> bytes:
    try:
        return read_stream(sys.stdin.buffer, "stdin")
    except OSError as error:
        raise InputError(
            "the plan cannot be read",
            where="stdin",
            got=(error.strerror or str(error)).lower(),
            expected="a plan as JSON",
            do="`terraform show -json plan.bin | revet check -`",
        ) from error


def _require_file(path: Path, argument: str) -> None:
    if not path.exists() or path.is_dir():
        raise UsageError(
            "no such file",
            where=argument,
            got=f"`{path}`" + (", a folder" if path.is_dir() else ""),
            expected="a JSON file",
            do="`terraform plan -out=plan.bin`, then `terraform show -json plan.bin > plan.json`"
            if argument == "PLAN.json"
            else "correct the path",
        )
