"""Several stacks in one call: which ones, in which order, and what they read of each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from revet.cli.configuration import SYNTH, Configuration
from revet.cli.judging import Judging
from revet.cli.output import Format, deliver, note, save, show
from revet.cli.programs import chosen
from revet.cli.project import FILE, NAME, Project
from revet.cli.stack import Stack, find_stack
from revet.cli.workdir import workdir
from revet.model.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from revet.cli.previous import Previous
    from revet.model.verdict import Verdict
    from revet.synth import SynthesizedStack
    from revet.target.events import Event, Observer

_ALL = "--all"
_ENDINGS = {
    Format.TEXT: "txt",
    Format.JSON: "json",
    Format.HTML: "html",
    Format.SARIF: "sarif",
    Format.JUNIT: "xml",
    Format.MARKDOWN: "md",
    Format.GITHUB: "txt",
}
_ONE_FILE_EACH = (Format.HTML, Format.SARIF, Format.JUNIT)


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
        every: whether `--all` was given: every table of `revet.toml`, as they stand there.

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
    from revet.synth import before, ordered  # noqa: PLC0415 - not needed to parse a call

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
    judging = Judging().over(project.shared)
    return replace(room.stack, name=other, chosen=other, judging=judging)


def needs(room: Configured) -> tuple[str, ...]:
    """Ids of the stacks that must be deployed before one, in order."""
    from revet.synth import needed  # noqa: PLC0415 - not needed to parse a call

    synthesis = room.configuration.synthesis
    return () if synthesis is None else needed(synthesis, room.configuration.chosen)


def read_from(room: Configured, states: Mapping[str, Path | None]) -> None:
    """Let a stack read the outputs of others where they are.

    Args:
        room: the stack.
        states: id of another stack of its app to its state file; None for outputs that nobody
            knows before the apply.
    """
    from revet.synth import redirect  # noqa: PLC0415 - not needed to parse a call

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


def require_deliverable(
    wanted: Format, output: Path | None, previous: Previous | None = None, *, every: bool
) -> None:
    """Refuse what cannot be said of several stacks, before anything is begun.

    Args:
        wanted: the format.
        output: where to write.
        previous: an earlier verdict to compare with.
        every: whether `--all` was given.

    Raises:
        UsageError: it cannot.
    """
    if not every:
        return
    if previous is not None and previous.verdict is not None:
        raise UsageError(
            "an earlier verdict is about one stack",
            where="--previous",
            got=f"`{_ALL}`",
            expected="the stack that it is about",
            do="name the stack, and compare one at a time",
        )
    if output is None and wanted in _ONE_FILE_EACH:
        raise UsageError(
            f"`--format {wanted.value}` writes one file for each stack",
            where=_ALL,
            got="no `--output`",
            expected="`--output FOLDER`",
            do="add it",
        )
    if output is not None and output.exists() and not output.is_dir():
        raise UsageError(
            f"with `{_ALL}` the reports go into a folder",
            where="--output",
            got=f"`{output}`, a file",
            expected="a folder; it is made when it does not exist",
            do="name another",
        )


def deliver_all(
    verdicts: Sequence[Verdict], wanted: Format, output: Path | None, *, every: bool
) -> int:
    """Show verdicts, or save each to a file of its own, and answer with the exit code.

    Args:
        verdicts: in the order in which they were reached.
        wanted: the format. JSON of several is an array.
        output: file to write instead of stdout; for `--all` a folder, in which each stack has one.
        every: whether `--all` was given.

    Returns:
        The worst of all: 2 before 1 before 0.

    Raises:
        UsageError: a file cannot be written.
        OutputError: the same, or stdout cannot.
        ReaderGoneError: whoever read stdout has gone.
    """
    from revet.report import FORMATS  # noqa: PLC0415 - not needed to parse a call

    if every and output is None and wanted is Format.JSON:
        show("[\n" + ",\n".join(FORMATS[wanted](item).rstrip() for item in verdicts) + "\n]\n")
    for verdict in verdicts:
        name = verdict.provenance.stack
        if not every:
            deliver(verdict, wanted, output)
        elif output is not None:
            path = output / f"{name}.{_ENDINGS[wanted]}"
            save(path, FORMATS[wanted](verdict))
            note(f"{name}: {verdict.decision.value}, written: {path}")
        elif wanted is not Format.JSON:
            deliver(verdict, wanted, None)
    if every:
        note(", ".join(f"{item.provenance.stack}: {item.decision.value}" for item in verdicts))
    return max(verdict.decision.exit_code for verdict in verdicts)
