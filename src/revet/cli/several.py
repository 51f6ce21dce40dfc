"""Several stacks in one call: which ones, in which order, and what they read of each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from revet.cli.configuration import SYNTH, Configuration
from revet.cli.output import note
from revet.cli.programs import chosen
from revet.cli.project import FILE, NAME, Project, Stack
from revet.cli.stack import find_stack
from revet.cli.workdir import workdir
from revet.model.errors import ConfigError, UsageError
from revet.synth import SynthesizedStack, before, needed, ordered, redirect
from revet.target.events import Event, Observer

_ALL = "--all"


@dataclass(frozen=True, slots=True)
class Configured:
    """A stack with its configuration.

    Args:
        stack: the stack.
        configuration: of it.
    """

    stack: Stack
    configuration: Configuration

    @property
    def key(self) -> tuple[tuple[str, ...], str]:
        """What another stack of the same program knows it by."""
        return self.stack.program, self.configuration.chosen


def asked(name: str | None, project: Project, *, every: bool) -> tuple[Stack, ...]:
    """The stacks that a call is about.

    Args:
        name: what it names, if anything.
        project: what `revet.toml` says.
        every: whether `--all` was given: every table of `revet.toml`, in its order.

    Raises:
        UsageError: neither or both were given, or there is no such stack.
        ConfigError: `--all` in a project without stacks; `revet.toml` is wrong.
    """
    if name is not None and every:
        raise UsageError(
            "a stack and all of them",
            where=_ALL,
            got=f"`{name}` and `{_ALL}`",
            expected="one of the two",
            do="leave one of them out",
        )
    if name is not None:
        return (find_stack(name, project),)
    if not every:
        raise UsageError(
            "missing argument: no stack is named",
            expected=f"the name of a stack, or `{_ALL}` for every stack of `{FILE}`",
            do=f"name one: {', '.join(f'`{item}`' for item in project.stacks) or '`tap`'}",
        )
    if not project.stacks:
        raise ConfigError(
            f"`{_ALL}` finds no stack",
            where=str(project.path or f"no `{FILE}` here"),
            expected="tables `[stacks.NAME]`",
            do="add one, or name a blueprint",
        )
    return tuple(find_stack(item, project) for item in project.stacks)


def in_order(rooms: Iterable[Configured]) -> tuple[str, ...]:
    """Names of stacks, each after those that it needs.

    Args:
        rooms: the stacks.

    Raises:
        UsageError: they need each other in a circle.
    """
    rooms = tuple(rooms)
    by_key = {room.key: room.stack.name for room in rooms}
    needs = {}
    for room in rooms:
        synthesis, name = room.configuration.synthesis, room.configuration.chosen
        found = before(synthesis, name) if synthesis is not None else ()
        keys = [(room.stack.program, other) for other in found]
        needs[room.stack.name] = [by_key[key] for key in keys if key in by_key]
    return ordered([room.stack.name for room in rooms], needs)


def related(room: Configured, other: str, project: Project) -> Stack:
    """Another stack of the same app: its table in `revet.toml`, or one with the shared settings.

    Args:
        room: the stack that needs it.
        other: its id in the app.
        project: what `revet.toml` says.

    Raises:
        ConfigError: it has no table, and its id cannot be the name of one.
    """
    program, synthesis = room.stack.program, room.configuration.synthesis
    for name, settings in project.stacks.items():
        if settings.program != program or synthesis is None:
            continue
        stack = find_stack(name, project)
        try:
            if chosen(stack, synthesis).name == other:
                return stack
        except ConfigError:  # of a table that this call is not about
            continue
    if other in project.stacks or not NAME.fullmatch(other):
        raise ConfigError(
            f"a stack that `{room.stack.name}` needs has no table",
            where=str(project.path),
            got=f"`{other}`",
            expected=f'a table with `program` as in `stacks.{room.stack.name}` and `stack = "…"`',
            do="add one",
        )
    return replace(room.stack, name=other, chosen=other, judging=project.shared.judging)


def needs(room: Configured) -> tuple[str, ...]:
    """Ids of the stacks that must be deployed before one, in order."""
    synthesis = room.configuration.synthesis
    return () if synthesis is None else needed(synthesis, room.configuration.chosen)


def read_from(room: Configured, states: Mapping[str, Path | None]) -> None:
    """Let a stack read the outputs of others where they are.

    Args:
        room: the stack.
        states: id of another stack of its app to its state file; None for outputs that nobody
            knows before the apply.
    """
    synthesis = room.configuration.synthesis
    if synthesis is not None:
        redirect(synthesis, room.configuration.chosen, states)


def deployed_states(
    room: Configured, project: Project, state_of: Callable[[str], Path], do: str
) -> dict[str, Path]:
    """The states of the stacks that one needs, all of which must be deployed.

    Args:
        room: the stack.
        project: what `revet.toml` says.
        state_of: name of a stack to its state file.
        do: what to do about one that is not deployed, with `{}` for its name.

    Raises:
        UsageError: one is not deployed.
    """
    found = {}
    for other in needs(room):
        name = related(room, other, project).name
        state = state_of(name)
        if not is_deployed(state):
            raise UsageError(
                f"`{room.stack.name}` needs outputs of a stack that is not deployed",
                where=f"stack `{name}`",
                got=f"nothing in `{state}`",
                expected=f"`{name}` deployed before `{room.stack.name}`",
                do=do.format(name),
            )
        found[other] = state
    return found


def states_beside(room: Configured, project: Project, target: str) -> dict[str, Path]:
    """The states that other stacks keep in files of their own folders, for a target without ours.

    Terraform runs in a folder for each stack, so that a relative path means another file in each.

    Args:
        room: the stack.
        project: what `revet.toml` says.
        target: name of the target.
    """
    synthesis = room.configuration.synthesis
    found = {}
    for other in needs(room):
        if synthesis is None or (path := local_state(synthesis.stacks[other])) is None:
            continue
        folder = workdir(related(room, other, project).name, target, project.root) / SYNTH
        inside = synthesis.stacks[other].directory.relative_to(synthesis.directory)
        found[other] = folder / inside / path
    return found


def local_state(stack: SynthesizedStack) -> Path | None:
    """The relative path at which a stack's own backend keeps its state; None for any other."""
    backend = stack.json.get("terraform", {}).get("backend", {})
    local = backend.get("local") if isinstance(backend, dict) else None
    path = Path(str(local["path"])) if isinstance(local, dict) and "path" in local else None
    return None if path is None or path.is_absolute() else path


def is_deployed(state: Path) -> bool:
    """Whether a state file holds anything: resources or outputs."""
    try:
        content = json.loads(state.read_bytes())
        return bool(content.get("resources") or content.get("outputs"))
    except (OSError, ValueError, AttributeError):
        return False


def beginning(action: str, name: str, names: Sequence[str]) -> None:
    """Say which stack's turn it is, when there are several."""
    if len(names) > 1:
        note(f"{action} `{name}`, {list(names).index(name) + 1} of {len(names)}")


def told_apart(observe: Observer, name: str, *, several: bool) -> Observer:
    """An observer to which the steps of a stack carry its name, when there are several."""
    if not several:
        return observe

    def relay(event: Event) -> None:
        observe(replace(event, step=f"{name} {event.step}"))

    return relay
