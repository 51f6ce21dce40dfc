"""`revet destroy`: take a deployed stack down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from revet.cli.accounts import named_accounts
from revet.cli.delivery import deliver_all, require_deliverable
from revet.cli.judging import Judging
from revet.cli.landing import Landing, clear_rehearsal, land, state_of
from revet.cli.options import (
    Account,
    AccountFile,
    AllowProvider,
    AllowProvisioners,
    ConfigPath,
    Every,
    FormatName,
    OutputPath,
    SomeStack,
    Target,
    TargetName,
)
from revet.cli.output import Format, note
from revet.cli.prerequisites import need
from revet.cli.progress import progress
from revet.cli.project import Project, Stack, find_project
from revet.cli.road import Configuration, configure, configured, road_input
from revet.cli.several import Configured, asked, beginning, in_order, is_deployed, needs
from revet.cli.stack import find_stack
from revet.cli.workdir import STATE, workdir
from revet.model.errors import InputError, RevetError, UsageError
from revet.model.verdict import Decision

if TYPE_CHECKING:
    from revet.model.verdict import Verdict
    from revet.target.events import Observer


def destroy(
    name: SomeStack = None,
    *,
    every: Every = False,
    target: Target = TargetName.EMBEDDED,
    account: Account = None,
    account_file: AccountFile = None,
    allow_provider: AllowProvider = None,
    allow_provisioners: AllowProvisioners = False,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Destroy a deployed stack, and say what is left."""
    require_deliverable(wanted, output, every=every)
    accounts = named_accounts(account, account_file)
    project = find_project(config)
    stacks = asked(name, project, every=every)
    need("aws")
    call = _Call(target, accounts, tuple(allow_provider or ()), allow_provisioners)
    if not every:
        _require_unused(stacks[0], project, target)
        return deliver_all([_destroy(stacks[0], project, call)], wanted, output, every=False)
    there = [stack for stack in stacks if _is_there(stack, project, target)]
    for stack in stacks:
        if stack not in there:
            note(f"`{stack.name}` was not deployed from here")
    rooms = [_as_left(stack, project, target) for stack in there]
    order = in_order(room for room in rooms if room is not None)[::-1]
    names = [*(stack.name for stack in there if stack.name not in order), *order]
    by_name = {stack.name: stack for stack in there}
    verdicts = []
    for one in names:
        beginning("destroy", one, names)
        verdicts.append(_destroy(by_name[one], project, call))
        if verdicts[-1].decision is not Decision.ALLOWED:
            break
    if not verdicts:
        return 0
    code = deliver_all(verdicts, wanted, output, every=True)
    if left := names[len(verdicts) :]:
        note(f"not destroyed, since others may need them: {', '.join(f'`{one}`' for one in left)}")
    return code


@dataclass(frozen=True, slots=True)
class _Call:
    """What a call says of every stack: target, accounts, providers and provisioners allowed."""

    target: TargetName
    accounts: tuple[str, ...]
    providers: tuple[str, ...]
    provisioners: bool


def _destroy(stack: Stack, project: Project, call: _Call) -> Verdict:
    from revet.rehearsal import commands  # noqa: PLC0415 - needs the extra
    from revet.rehearsal.holdings import FILE as HOLDINGS  # noqa: PLC0415 - same

    with land(
        stack.name, call.target, action="destroy", accounts=call.accounts, config=project.path
    ) as landing:
        emulated = call.target is TargetName.EMBEDDED
        cleared = clear_rehearsal(stack.name, project) if emulated else ""
        known = (landing.directory / STATE, landing.directory / HOLDINGS)
        if cleared and not any(path.exists() for path in known):
            return commands.cleared(stack.name, landing.directory, cleared)
        with progress() as observe:
            return commands.destroy(
                road_input(
                    stack,
                    _configuration(landing, observe),
                    Judging().load(),
                    providers=call.providers,
                    provisioners=call.provisioners,
                ),
                landing.target,
                landing.directory,
                observe,
                landing.held,
            )


def _is_there(stack: Stack, project: Project, target: TargetName) -> bool:
    """Whether anything may be deployed from a working folder: an earlier command planned there."""
    from revet.rehearsal.road import Folder  # noqa: PLC0415 - not needed to parse a call

    return Folder(workdir(stack.name, target, project.root)).plan_json.is_file()


def _as_left(stack: Stack, project: Project, target: TargetName) -> Configured | None:
    """A stack as its deployment has left it; None when that cannot be read any more."""
    try:
        return Configured(stack, configured(stack, workdir(stack.name, target, project.root)))
    except RevetError:
        return None


def _require_unused(stack: Stack, project: Project, target: TargetName) -> None:
    """Keep a stack from being destroyed while one that needs its outputs is deployed.

    Only the embedded AWS keeps all states here; of a real account nobody can tell.
    """
    if target is not TargetName.EMBEDDED:
        return
    own = _as_left(stack, project, target)
    for name, settings in project.stacks.items():
        if name == stack.name or settings.program != stack.program or own is None:
            continue
        if not is_deployed(state_of(project)(name)):
            continue
        other = _as_left(find_stack(name, project), project, target)
        if other is not None and own.configuration.chosen in needs(other):
            raise UsageError(
                f"`{stack.name}` is needed by a stack that is deployed",
                where=f"stack `{name}`",
                got=f"`{name}` reads outputs of `{stack.name}`",
                expected="nothing deployed that needs it",
                do=f"`revet destroy {name}` first, or `revet destroy --all`",
            )


def _configuration(landing: Landing, observe: Observer) -> Configuration:
    """What the deployment has left; a Terraform folder is copied again if a killed run left half.

    No program is run: a synthesis takes the place of the last one whole, or not at all.
    """
    try:
        return configured(landing.stack, landing.directory)
    except InputError:
        if landing.stack.terraform is None:
            raise
        return configure(landing.stack, landing.directory, observe, held=landing.held)
