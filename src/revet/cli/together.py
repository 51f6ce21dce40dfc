"""Stacks that are rehearsed together: in one embedded AWS, each after those that it needs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from revet.cli.configuration import Call, configure
from revet.cli.options import TargetName
from revet.cli.output import note
from revet.cli.prerequisites import need
from revet.cli.programs import Programs
from revet.cli.progress import progress
from revet.cli.project import Project, Stack
from revet.cli.sessions import noted, session_on, state_of
from revet.cli.several import (
    Configured,
    beginning,
    deployed_states,
    in_order,
    needs,
    read_from,
    related,
    told_apart,
)
from revet.cli.workdir import KEPT, REHEARSAL, embedded_state, unused_state, workdir
from revet.files import STATE, private_folder
from revet.model.errors import UsageError
from revet.model.verdict import Decision

if TYPE_CHECKING:
    from revet.model.verdict import Verdict
    from revet.rehearsal.session import Session
    from revet.target.events import Observer

EPHEMERAL = {"LIFECYCLE": "EPHEMERAL"}
"""What every program gets, since a rehearsal destroys what it has deployed."""

_KEPT_FIRST = "`revet rehearse {} --keep` first, or `revet rehearse --all --keep`"


def rehearse_own(stacks: Sequence[Stack], project: Project, call: Call) -> dict[str, Verdict]:
    """Rehearse stacks in one embedded AWS of their own, a copy of the project's.

    Stacks that they need are rehearsed too. Each is deployed, verified and planned again while
    those that it needs are still there, and destroyed before them.

    Args:
        stacks: the stacks.
        project: what `revet.toml` says.
        call: what the call says of every stack.

    Returns:
        Name to verdict, in the order in which they were deployed.

    Raises:
        RevetError: a step failed before anything was made, or the user stopped it.
    """
    for stack in stacks:
        call.given.over(stack.judging).load()  # what is wrong with it is said before anything runs
    need("stack", "embedded")
    if unused := unused_state(project.root):
        note(unused)
    with ExitStack() as entered, progress() as observe:
        host = workdir(stacks[0].name, REHEARSAL, project.root)
        together = _Together(project, call, observe, entered, host)
        for stack in stacks:
            together.enter(stack)
        together.complete()
        return together.walk()


@dataclass(frozen=True, slots=True)
class _Room:
    """A stack that is rehearsed: with its configuration, and its working folder, held."""

    configured: Configured
    session: Session


@dataclass(slots=True)
class _Together:
    """The stacks of one rehearsal.

    Args:
        entered: ends what the rehearsal holds.
        host: the working folder to which the embedded AWS of the rehearsal belongs.
        order: names, each after those that it needs.
        standing: those that are deployed just now.
    """

    project: Project
    call: Call
    observe: Observer
    entered: ExitStack
    host: Path
    programs: Programs = field(default_factory=Programs)
    rooms: dict[str, _Room] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    standing: set[str] = field(default_factory=set)

    def enter(self, stack: Stack) -> None:
        """Hold a stack's folder and synthesize it."""
        from revet.rehearsal.disposable import disposable_target  # noqa: PLC0415 - needs the extra
        from revet.rehearsal.session import hold  # noqa: PLC0415 - same

        folder = workdir(stack.name, REHEARSAL, self.project.root)
        functions = self.call.may_run_functions(stack)
        target = disposable_target(self.host, stack.name, functions=functions)
        session = self.entered.enter_context(hold(folder, f"rehearse {stack.name}", target, noted))
        configuration = configure(
            stack,
            folder,
            self.observe,
            EPHEMERAL,
            inherit=session.inherit,
            programs=self.programs,
        )
        self.rooms[stack.name] = _Room(Configured(stack, configuration), session)

    def complete(self) -> None:
        """Enter what the stacks need besides, and put all in order."""
        for room in list(self.rooms.values()):
            for other in needs(room.configured):
                stack = related(room.configured, other, self.project)
                if stack.name not in self.rooms:
                    self.enter(stack)
        self.order = in_order(room.configured for room in self.rooms.values())

    def walk(self) -> dict[str, Verdict]:
        """Rehearse all of them in one copy of the project's embedded AWS."""
        from revet.rehearsal.disposable import disposable_aws  # noqa: PLC0415 - needs the extra

        root = self.project.root
        deployed = {one: workdir(one, TargetName.EMBEDDED, root) for one in self.order}
        for room in self.rooms.values():
            states: dict[str, Path | None] = {
                other: self.rooms[name].session.state for other, name in self._needed(room).items()
            }
            read_from(room.configured, states)
        with disposable_aws(private_folder(self.host), embedded_state(root), deployed):
            self._step(0)
        return {one: self.verdicts[one] for one in self.order}

    def _needed(self, room: _Room) -> dict[str, str]:
        """Id of each stack that one needs, to the name that it has here."""
        names = {other.configured.key: name for name, other in self.rooms.items()}
        program = room.configured.stack.program
        return {other: names[program, other] for other in needs(room.configured)}

    def _step(self, number: int) -> None:
        """Rehearse a stack, and those that come after it while it is deployed."""
        if number == len(self.order):
            return
        from revet.rehearsal import commands  # noqa: PLC0415 - needs the extra
        from revet.rehearsal.rehearse import rehearse  # noqa: PLC0415 - same

        one = self.order[number]
        room = self.rooms[one]
        beginning("rehearse", one, self.order)
        lacking = [name for name in self._needed(room).values() if name not in self.standing]
        if lacking:
            self.verdicts[one] = commands.passed_over(room.session, one, "rehearse", lacking)
            self._step(number + 1)
            return

        def between(verdict: Verdict) -> None:
            self.verdicts[one] = verdict
            self.standing.add(one)
            self._step(number + 1)
            self.standing.discard(one)

        verdict = rehearse(
            room.session,
            self.call.stack_input(room.configured.stack, room.configured.configuration),
            told_apart(self.observe, one, several=len(self.order) > 1),
            between=between,
        )
        stood = one in self.verdicts
        self.verdicts[one] = verdict
        if not stood:
            self._step(number + 1)


def rehearse_kept(stacks: Sequence[Stack], project: Project, call: Call) -> dict[str, Verdict]:
    """Rehearse stacks in the project's embedded AWS and leave them there, one after the other.

    Args:
        stacks: the stacks; those that they need must be among them, or deployed.
        project: what `revet.toml` says.
        call: what the call says of every stack.

    Returns:
        Name to verdict, in the order in which they were deployed; a stack whose plan is not
        allowed is the last.

    Raises:
        UsageError: one is deployed there, and not by a rehearsal; one that it needs is not.
        RevetError: a step failed before anything was made, or the user stopped it.
    """
    from revet.rehearsal.rehearse import rehearse as walk  # noqa: PLC0415 - needs the extra

    need("stack", "embedded")
    programs = Programs()
    verdicts: dict[str, Verdict] = {}
    with ExitStack() as entered, progress() as observe:
        rooms, sessions = {}, {}
        for stack in stacks:
            call.given.over(stack.judging).load()
            session = entered.enter_context(
                session_on(
                    stack,
                    project,
                    TargetName.EMBEDDED,
                    action="rehearse",
                    stay=True,
                    functions=call.may_run_functions(stack),
                )
            )
            directory = session.folder
            _refuse_deployed(stack.name, directory)
            (directory / KEPT).touch()
            configuration = configure(
                stack, directory, observe, EPHEMERAL, inherit=session.inherit, programs=programs
            )
            rooms[stack.name] = Configured(stack, configuration)
            sessions[stack.name] = session
        order = in_order(rooms.values())
        for one in order:
            beginning("rehearse", one, order)
            room = rooms[one]
            read_from(room, deployed_states(room, project, state_of(project), _KEPT_FIRST))
            verdicts[one] = walk(
                sessions[one],
                call.stack_input(room.stack, room.configuration),
                told_apart(observe, one, several=len(order) > 1),
                keep=True,
            )
            if verdicts[one].decision is not Decision.ALLOWED:
                break
    return verdicts


def _refuse_deployed(name: str, directory: Path) -> None:
    """Keep a rehearsal that is to be kept from replacing what `revet deploy` has deployed.

    What an earlier rehearsal has kept may be replaced.
    """
    from revet.rehearsal.disposable import managed_resources  # noqa: PLC0415 - not to parse a call

    number = managed_resources(directory / STATE)
    if number != 0 and not (directory / KEPT).exists():
        raise UsageError(
            "the stack is deployed on the embedded AWS; a rehearsal that is kept would replace it",
            where=str(directory),
            got="a broken state" if number is None else f"{number} resources in the state",
            expected="nothing deployed, for `--keep`",
            do=f"`revet destroy {name}` first, or rehearse without `--keep`, which touches nothing",
        )
