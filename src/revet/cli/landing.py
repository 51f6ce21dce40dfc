"""Where a command lands: the embedded AWS, or a real account that the user has named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from revet.cli.accounts import Confirmation
from revet.cli.options import TargetName
from revet.cli.output import note
from revet.cli.prerequisites import need
from revet.cli.project import Project, Stack, find_project
from revet.cli.road import DEFAULT_REGION
from revet.cli.stack import find_stack
from revet.cli.workdir import REHEARSAL, STATE, embedded_state, unused_state, workdir
from revet.files import private_folder
from revet.model.errors import UsageError

if TYPE_CHECKING:
    from revet.rehearsal.lock import Held
    from revet.target.base import Target
    from revet.target.embedded import EmbeddedTarget


@dataclass(frozen=True, slots=True)
class Landing:
    """A stack and the target that it lands on.

    Args:
        stack: the stack.
        target: not started yet; real accounts are confirmed when their provider configurations
            are known.
        directory: working folder of the stack on this target.
        held: the folder's lock; nobody else works in it as long as the landing lasts.
        cleared: what a killed run had left there and is cleaned up now; empty for nothing.
    """

    stack: Stack
    target: Target
    directory: Path
    held: Held
    cleared: str


@contextmanager
def land(
    name: str,
    wanted: TargetName,
    *,
    action: str,
    accounts: tuple[str, ...] = (),
    config: Path | None = None,
    stay: bool = False,
) -> Iterator[Landing]:
    """Find a stack and its target.

    The working folder is held, and what a killed run has left in it is cleaned up. An embedded
    AWS that the block started is stopped after it; its state is kept.

    Args:
        name: of the stack.
        wanted: the target.
        action: what is about to be done, for the question ("deploy").
        accounts: ids that the user has named.
        config: the `revet.toml` to use.
        stay: let the embedded AWS run on.

    Raises:
        UsageError: no such stack; another run works in the folder; accounts for the embedded AWS.
        PrerequisiteError: an extra is missing.
    """
    project = find_project(config)
    stack = find_stack(name, project)
    directory = workdir(name, wanted, project.root)
    if wanted is TargetName.AWS:
        real = _real(stack, accounts, action)
        with hold(directory, f"{action} {name}") as (held, cleared):
            yield Landing(stack, real, directory, held, cleared)
        return
    if accounts:
        raise UsageError(
            "`--account` requires `--target aws`",
            where="--account",
            got=f"{', '.join(f'`{account}`' for account in accounts)} with `--target embedded`",
            do="leave it out, or add `--target aws`",
        )
    need("embedded")
    shared = embedded_state(project.root)
    if unused := unused_state(project.root):
        note(unused)
    with (
        hold(directory, f"{action} {name}") as (held, cleared),
        embedded(shared, stay=stay) as target,
    ):
        yield Landing(stack, target, directory, held, cleared)


@contextmanager
def hold(directory: Path, action: str) -> Iterator[tuple[Held, str]]:
    """Hold a working folder while the block runs, cleaned of what a killed run has left.

    Args:
        directory: the working folder; made if need be.
        action: what is being done, told to whoever comes second.

    Yields:
        The lock, and what was cleaned up; empty for nothing. The user has been told.

    Raises:
        UsageError: another run works in the folder.
        TargetError: what a killed run has left running does not end.
        PrerequisiteError: the folder cannot be written to.
    """
    from revet.rehearsal.lock import only_run  # noqa: PLC0415 - not needed to parse a call
    from revet.rehearsal.own import discard  # noqa: PLC0415 - same
    from revet.rehearsal.road import Folder  # noqa: PLC0415 - same

    Folder(directory).make()
    with only_run(directory, action, observe=lambda event: note(event.detail)) as held:
        found = discard(held)
        if found is not None:
            note(str(found))
        yield held, str(found or "")


def state_of(project: Project) -> Callable[[str], Path]:
    """Where Terraform's state of a stack lies in the project's embedded AWS, by the stack's name.

    Args:
        project: what `revet.toml` says.
    """
    return lambda name: workdir(name, TargetName.EMBEDDED, project.root) / STATE


def clear_rehearsal(name: str, project: Project) -> str:
    """Clean up what a killed rehearsal of a stack has left; one that runs is left alone.

    Args:
        name: of the stack.
        project: what `revet.toml` says.

    Returns:
        What was cleaned up; empty for nothing. The user has been told.
    """
    from revet.rehearsal.own import FOLDER  # noqa: PLC0415 - not needed to parse a call

    folder = workdir(name, REHEARSAL, project.root)
    if not (private_folder(folder) / FOLDER).is_dir():
        return ""
    try:
        with hold(folder, f"destroy {name}") as (_, cleared):
            return cleared
    except UsageError as error:
        note(f"a rehearsal of this stack runs and is left alone: {error.got}")
        return ""


@contextmanager
def own_aws(
    held: Held, shared: Path | None = None, deployed: Mapping[str, Path] | None = None
) -> Iterator[Callable[[str], EmbeddedTarget]]:
    """An embedded AWS that is thrown away after the block with everything in it.

    Args:
        held: the working folder that it lies in.
        shared: folder of the embedded AWS that it is a copy of; none to begin empty.
        deployed: name of each stack to its working folder in that one.

    Yields:
        The target of a stack, by its name: the same embedded AWS, and a state of its own.

    Raises:
        UsageError: another run deploys or destroys one of the stacks just now.
        InputError: what is to be copied was not made by this user's revet.
    """
    from revet.rehearsal.begun import require_begun  # noqa: PLC0415 - not needed to parse a call
    from revet.rehearsal.lock import only_run  # noqa: PLC0415 - same
    from revet.rehearsal.own import copy_of, copy_state_of, discard, states_of  # noqa: PLC0415 - same
    from revet.rehearsal.road import Folder  # noqa: PLC0415 - same
    from revet.target.embedded import EmbeddedTarget  # noqa: PLC0415 - same

    try:
        with ExitStack() as reading:
            there = {
                name: path for name, path in (deployed or {}).items() if (path / STATE).is_file()
            }
            for path in there.values():
                reading.enter_context(only_run(path, "rehearse: copy the state"))
                require_begun(Folder(path))
            folder = copy_of(shared, held)
            for name, path in there.items():
                copy_state_of(path / STATE, folder, name)
        yield lambda name: EmbeddedTarget(folder, disposable=True, states=states_of(folder, name))
    finally:
        discard(held)


@contextmanager
def embedded(state: Path, *, stay: bool = False) -> Iterator[EmbeddedTarget]:
    """The embedded AWS of a folder; stopped after the block unless it ran before, or is used.

    Args:
        state: folder of its state.
        stay: let it run on.
    """
    from revet.embedded import find_daemon  # noqa: PLC0415 - not needed to parse a call
    from revet.embedded.users import using  # noqa: PLC0415 - same
    from revet.target.embedded import EmbeddedTarget  # noqa: PLC0415 - same

    ran = find_daemon(state) is not None
    target = EmbeddedTarget(state)
    with using(state) as is_used:
        try:
            yield target
        finally:
            if not (ran or stay or is_used()):
                target.stop()


def _real(stack: Stack, given: tuple[str, ...], action: str) -> Target:
    need("aws")
    from revet.target.aws import AwsTarget  # noqa: PLC0415 - needs the extra

    confirm = Confirmation(f"{action} `{stack.name}` in", given, stack.account)
    return AwsTarget(region=stack.region or DEFAULT_REGION, confirm=confirm)
