"""Stacks that are rehearsed together: in one embedded AWS, each after those that it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from revet.cli.judging import Judging
from revet.cli.landing import hold, land, own_aws, state_of
from revet.cli.options import TargetName
from revet.cli.output import note
from revet.cli.prerequisites import need
from revet.cli.programs import Programs
from revet.cli.progress import progress
from revet.cli.project import Project, Stack
from revet.cli.road import Configuration, configure, road_input
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
from revet.cli.workdir import KEPT, REHEARSAL, STATE, embedded_state, unused_state, workdir
from revet.model.errors import UsageError
from revet.model.verdict import Decision

if TYPE_CHECKING:
    from revet.model.verdict import Verdict
    from revet.rehearsal.lock import Held
    from revet.rehearsal.road import RoadInput
    from revet.target.embedded import EmbeddedTarget
    from revet.target.events import Observer

EPHEMERAL = {"LIFECYCLE": "EPHEMERAL"}
"""What a blueprint's program is told, since a rehearsal destroys what it has deployed."""

_KEPT_FIRST = "`revet rehearse {} --keep` first, or `revet rehearse --all --keep`"


@dataclass(frozen=True, slots=True)
class Call:
    """What a call of `rehearse` says of every stack.

    Args:
        given: what it asks to judge against; a stack's own where it does not say.
        providers: sources of further providers that the user lets run.
        provisioners: whether the user lets provisioners run.
    """

    given: Judging = field(default_factory=Judging)
    providers: tuple[str, ...] = ()
    provisioners: bool = False

    def road(self, stack: Stack, configuration: Configuration) -> RoadInput:
        """What the road takes.

        Args:
            stack: the stack.
            configuration: of it.

        Raises:
            ConfigError: what it is judged against is wrong.
        """
        return road_input(
            stack,
            configuration,
            self.given.over(stack.judging).load(),
            providers=self.providers,
            provisioners=self.provisioners,
        )


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
        together = _Together(project, call, observe, entered)
        for stack in stacks:
            together.enter(stack)
        together.complete()
        deployed = {one: workdir(one, TargetName.EMBEDDED, project.root) for one in together.order}
        host = together.rooms[stacks[0].name]
        target_of = entered.enter_context(
            own_aws(host.held, embedded_state(project.root), deployed)
        )
        return together.walk(target_of)


@dataclass(frozen=True, slots=True)
class _Room:
    """A stack that is rehearsed.

    Args:
        configured: the stack with its configuration.
        folder: its working folder.
        held: the folder's lock.
        cleared: what a killed run had left there.
    """

    configured: Configured
    folder: Path
    held: Held
    cleared: str


@dataclass(slots=True)
class _Together:
    """The stacks of one rehearsal.

    Args:
        project: what `revet.toml` says.
        call: what the call says of every stack.
        observe: told what happens.
        entered: ends what the rehearsal holds.
        programs: those that have run.
        rooms: name to stack.
        order: names, each after those that it needs.
        verdicts: of those that were rehearsed.
        standing: those that are deployed just now.
    """

    project: Project
    call: Call
    observe: Observer
    entered: ExitStack
    programs: Programs = field(default_factory=Programs)
    rooms: dict[str, _Room] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    standing: set[str] = field(default_factory=set)

    def enter(self, stack: Stack) -> None:
        """Hold a stack's folder and synthesize it."""
        folder = workdir(stack.name, REHEARSAL, self.project.root)
        held, cleared = self.entered.enter_context(hold(folder, f"rehearse {stack.name}"))
        variables = EPHEMERAL if stack.blueprint else None
        configuration = configure(
            stack, folder, self.observe, variables, held=held, programs=self.programs
        )
        self.rooms[stack.name] = _Room(Configured(stack, configuration), folder, held, cleared)

    def complete(self) -> None:
        """Enter what the stacks need besides, and put all in order."""
        for room in list(self.rooms.values()):
            for other in needs(room.configured):
                stack = related(room.configured, other, self.project)
                if stack.name not in self.rooms:
                    self.enter(stack)
        self.order = in_order(room.configured for room in self.rooms.values())

    def walk(self, target_of: Callable[[str], EmbeddedTarget]) -> dict[str, Verdict]:
        """Rehearse all of them.

        Args:
            target_of: the target of a stack, by its name.
        """
        for room in self.rooms.values():
            states: dict[str, Path | None] = {
                other: target_of(name).state(STATE) for other, name in self._needed(room).items()
            }
            read_from(room.configured, states)
        self._step(0, target_of)
        return {one: self.verdicts[one] for one in self.order}

    def _needed(self, room: _Room) -> dict[str, str]:
        """Id of each stack that one needs, to the name that it has here."""
        names = {other.configured.key: name for name, other in self.rooms.items()}
        program = room.configured.stack.program
        return {other: names[program, other] for other in needs(room.configured)}

    def _step(self, number: int, target_of: Callable[[str], EmbeddedTarget]) -> None:
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
            self.verdicts[one] = commands.passed_over(one, room.folder, "rehearse", lacking)
            self._step(number + 1, target_of)
            return

        def between(verdict: Verdict) -> None:
            self.verdicts[one] = verdict
            self.standing.add(one)
            self._step(number + 1, target_of)
            self.standing.discard(one)

        verdict = rehearse(
            self.call.road(room.configured.stack, room.configured.configuration),
            target_of(one),
            room.folder,
            told_apart(self.observe, one, several=len(self.order) > 1),
            held=room.held,
            cleared=room.cleared,
            between=between,
        )
        stood = one in self.verdicts
        self.verdicts[one] = verdict
        if not stood:
            self._step(number + 1, target_of)


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
        rooms, landings = {}, {}
        for stack in stacks:
            call.given.over(stack.judging).load()
            landing = entered.enter_context(
                land(
                    stack.name,
                    TargetName.EMBEDDED,
                    action="rehearse",
                    stay=True,
                    config=project.path,
                )
            )
            refuse_deployed(stack.name, landing.directory)
            (landing.directory / KEPT).touch()
            variables = EPHEMERAL if stack.blueprint else None
            configuration = configure(
                stack, landing.directory, observe, variables, held=landing.held, programs=programs
            )
            rooms[stack.name] = Configured(stack, configuration)
            landings[stack.name] = landing
        order = in_order(rooms.values())
        for one in order:
            beginning("rehearse", one, order)
            landing, room = landings[one], rooms[one]
            read_from(room, deployed_states(room, project, state_of(project), _KEPT_FIRST))
            verdicts[one] = walk(
                call.road(room.stack, room.configuration),
                landing.target,
                landing.directory,
                told_apart(observe, one, several=len(order) > 1),
                keep=True,
                held=landing.held,
                cleared=landing.cleared,
            )
            if verdicts[one].decision is not Decision.ALLOWED:
                break
    return verdicts


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
