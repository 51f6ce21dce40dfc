"""`revet check STACK`: stacks are synthesized, planned on an empty embedded AWS, and judged."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from revet.cli.configuration import Call, configure
from revet.cli.judging import Judging
from revet.cli.programs import Programs
from revet.cli.progress import progress
from revet.cli.project import find_project
from revet.cli.sessions import noted
from revet.cli.several import Configured, asked, beginning, in_order, needs, read_from
from revet.cli.workdir import CHECK, workdir
from revet.files import private_folder
from revet.rehearsal import commands
from revet.rehearsal.disposable import disposable_aws, disposable_target
from revet.rehearsal.session import hold

if TYPE_CHECKING:
    from revet.model.verdict import Verdict


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
    call = Call(given, providers, provisioners)
    for stack in stacks:
        given.over(stack.judging).load()  # what is wrong with it is said before anything runs
    programs = Programs()
    with ExitStack() as entered:
        rooms, sessions = {}, {}
        for stack in stacks:
            directory = workdir(stack.name, CHECK, project.root)
            target = disposable_target(directory, stack.name)
            session = entered.enter_context(hold(directory, f"check {stack.name}", target, noted))
            with progress() as observe:
                configuration = configure(
                    stack, directory, observe, inherit=session.inherit, programs=programs
                )
            rooms[stack.name] = Configured(stack, configuration)
            sessions[stack.name] = session
        order = in_order(rooms.values())
        verdicts = []
        for one in order:
            beginning("check", one, order)
            room = rooms[one]
            read_from(room, dict.fromkeys(needs(room)))
            road = call.stack_input(room.stack, room.configuration)
            with disposable_aws(private_folder(sessions[one].folder)), progress() as observe:
                verdicts.append(commands.check(sessions[one], road, observe))
    return verdicts
