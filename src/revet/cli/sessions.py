"""The session of a command: a stack's folder, held, and the embedded AWS or a real account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from revet.cli.accounts import Confirmation
from revet.cli.configuration import DEFAULT_REGION
from revet.cli.options import TargetName
from revet.cli.output import note
from revet.cli.prerequisites import need
from revet.cli.project import Project, Stack
from revet.cli.workdir import REHEARSAL, embedded_state, unused_state, workdir
from revet.files import STATE, private_folder
from revet.model.errors import UsageError

if TYPE_CHECKING:
    from revet.rehearsal.session import Session
    from revet.target.embedded import EmbeddedTarget
    from revet.target.events import Event


@contextmanager
def session_on(
    stack: Stack,
    project: Project,
    wanted: TargetName,
    *,
    action: str,
    accounts: tuple[str, ...] = (),
    stay: bool = False,
    functions: bool | None = None,
) -> Iterator[Session]:
    """Hold a stack's working folder on its target.

    An embedded AWS that the block started is stopped after it; its state is kept. A real account is
    confirmed when its provider configurations are known.

    Args:
        stack: the stack.
        project: what `revet.toml` says.
        wanted: the target.
        action: what is about to be done, for the question ("deploy").
        accounts: ids that the user has named.
        stay: let the embedded AWS run on.
        functions: whether functions may run in the embedded AWS; see `EmbeddedTarget`.

    Raises:
        UsageError: another run works in the folder; accounts for the embedded AWS.
        PrerequisiteError: an extra is missing.
    """
    need("aws" if wanted is TargetName.AWS else "embedded")
    from revet.rehearsal.session import hold  # noqa: PLC0415 - needs the extra
    from revet.target.aws import AwsTarget  # noqa: PLC0415 - same
    from revet.target.embedded import EmbeddedTarget  # noqa: PLC0415 - same

    directory = workdir(stack.name, wanted, project.root)
    doing = f"{action} {stack.name}"
    if wanted is TargetName.AWS:
        confirm = Confirmation(f"{action} `{stack.name}` in", accounts, stack.account)
        real = AwsTarget(region=stack.region or DEFAULT_REGION, confirm=confirm)
        with hold(directory, doing, real, noted) as session:
            yield session
        return
    if accounts:
        raise UsageError(
            "`--account` requires `--target aws`",
            where="--account",
            got=f"{', '.join(f'`{account}`' for account in accounts)} with `--target embedded`",
            do="leave it out, or add `--target aws`",
        )
    if unused := unused_state(project.root):
        note(unused)
    target = EmbeddedTarget(embedded_state(project.root), functions=functions)
    with (
        hold(directory, doing, target, noted) as session,
        stopped_unless_used(target, stay=stay),
    ):
        yield session


def noted(event: Event) -> None:
    """Say at once what is waited for or cleaned up; an observer while no progress is shown."""
    note(event.detail)


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
    from revet.rehearsal.disposable import FOLDER, disposable_target  # noqa: PLC0415 - see above
    from revet.rehearsal.session import hold  # noqa: PLC0415 - same

    folder = workdir(name, REHEARSAL, project.root)
    if not (private_folder(folder) / FOLDER).is_dir():
        return ""
    try:
        with hold(folder, f"destroy {name}", disposable_target(folder, name), noted) as session:
            return session.cleared
    except UsageError as error:
        note(f"a rehearsal of this stack runs and is left alone: {error.got}")
        return ""


@contextmanager
def stopped_unless_used(target: EmbeddedTarget, *, stay: bool = False) -> Iterator[None]:
    """Stop an embedded AWS after the block, unless it ran before, or another command uses it.

    Args:
        target: it; not started yet.
        stay: let it run on.
    """
    from revet.embedded import find_daemon  # noqa: PLC0415 - not needed to parse a call
    from revet.embedded.users import using  # noqa: PLC0415 - same

    ran = find_daemon(target.state_dir) is not None
    with using(target.state_dir) as is_used:
        try:
            yield
        finally:
            if not (ran or stay or is_used()):
                target.stop()
