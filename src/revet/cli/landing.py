"""Where a command lands: the embedded AWS, or a real account that the user has named."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from revet.cli.options import TargetName
from revet.cli.output import note
from revet.cli.prerequisites import need
from revet.cli.project import find_project
from revet.cli.road import DEFAULT_REGION
from revet.cli.stack import Stack, find_stack
from revet.cli.workdir import embedded_state, workdir
from revet.model.errors import UsageError

if TYPE_CHECKING:
    from revet.target.base import Target


@dataclass(frozen=True, slots=True)
class Landing:
    """A stack and the target that it lands on.

    Args:
        stack: the stack.
        target: not started yet; a real account has been confirmed.
        directory: working folder of the stack on this target.
    """

    stack: Stack
    target: Target
    directory: Path


@contextmanager
def land(
    name: str,
    wanted: TargetName,
    *,
    action: str,
    account: str | None = None,
    config: Path | None = None,
    stay: bool = False,
) -> Iterator[Landing]:
    """Find a stack and its target; a real account must be the one that the user means.

    An embedded AWS that the block started is stopped after it; its state is kept.

    Args:
        name: of the stack.
        wanted: the target.
        action: what is about to be done, for the question ("deploy").
        account: id that the user gave with `--account`.
        config: the `revet.toml` to use.
        stay: let the embedded AWS run on.

    Raises:
        UsageError: no such stack; an account that is not the one of the credentials, of
            `revet.toml` or of the user's answer.
        PrerequisiteError: an extra or the credentials are missing.
    """
    project = find_project(config)
    stack = find_stack(name, project)
    directory = workdir(name, wanted, project.root)
    if wanted is TargetName.AWS:
        yield Landing(stack, _real(stack, account, action), directory)
        return
    if account is not None:
        raise UsageError(
            "`--account` belongs to `--target aws`",
            where="--account",
            got=f"`{account}` with `--target embedded`",
            do="leave it out, or add `--target aws`",
        )
    need("embedded")
    with embedded(embedded_state(project.root), stay=stay) as target:
        yield Landing(stack, target, directory)


@contextmanager
def embedded(state: Path, *, stay: bool = False) -> Iterator[Target]:
    """The embedded AWS of a folder; stopped after the block unless it ran before.

    Args:
        state: folder of its state.
        stay: let it run on.
    """
    from revet.embedded import find_daemon  # noqa: PLC0415 - not needed to parse a call
    from revet.target.embedded import EmbeddedTarget  # noqa: PLC0415 - same

    ran = find_daemon(state) is not None
    target = EmbeddedTarget(state)
    try:
        yield target
    finally:
        if not (ran or stay):
            target.stop()


def _real(stack: Stack, given: str | None, action: str) -> Target:
    need("aws")
    from revet.target.aws import AwsTarget, identify  # noqa: PLC0415 - needs the extra

    region = stack.region or DEFAULT_REGION
    identity = identify(region)
    if stack.account and identity.account != stack.account:
        raise UsageError(
            "the credentials belong to another account than `revet.toml` names",
            where=identity.arn,
            got=identity.account,
            expected=stack.account,
            do="use credentials of that account, or correct `account` in `revet.toml`",
        )
    meant = given or _ask(stack, identity.account, identity.arn, action)
    if meant != identity.account:
        raise UsageError(
            "not the account of the credentials; nothing was done",
            where=identity.arn,
            got=f"`{meant}`",
            expected=identity.account,
            do="use credentials of the account that you mean, or name this one",
        )
    return AwsTarget(meant, region=region)


def _ask(stack: Stack, account: str, arn: str, action: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(
            "a real account must be named",
            where="--account",
            got="no account, and no terminal to ask on",
            expected=f"`--account {account}` for the account of these credentials ({arn})",
            do="add it, if that is the account that you mean",
        )
    note(f"{action} `{stack.name}` in the REAL AWS account {account}")
    note(f"as {arn}")
    return str(typer.prompt("type the account id to go on", err=True)).strip()
