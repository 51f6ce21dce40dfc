"""`revet destroy`: take a deployed stack down."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from revet.cli import options
from revet.cli.accounts import named_accounts
from revet.cli.configuration import Call, Configuration, configure, configured
from revet.cli.delivery import deliver_all, require_deliverable
from revet.cli.judging import Judging
from revet.cli.output import Format, note
from revet.cli.prerequisites import need
from revet.cli.progress import progress
from revet.cli.project import Project, Stack, find_project
from revet.cli.sessions import clear_rehearsal, session_on, state_of
from revet.cli.several import Configured, asked, beginning, in_order, is_deployed, needs
from revet.cli.stack import find_stack
from revet.cli.workdir import workdir
from revet.files import PLAN, STATE
from revet.model.errors import InputError, RevetError, UsageError
from revet.model.verdict import Decision

if TYPE_CHECKING:
    from revet.model.verdict import Verdict
    from revet.rehearsal.session import Session
    from revet.target.events import Observer


def destroy(
    name: options.SomeStack = None,
    *,
    every: options.Every = False,
    target: options.Target = options.TargetName.EMBEDDED,
    account: options.Account = None,
    account_file: options.AccountFile = None,
    allow_provider: options.AllowProvider = None,
    allow_provisioners: options.AllowProvisioners = False,
    wanted: options.FormatName = Format.TEXT,
    output: options.OutputPath = None,
    config: options.ConfigPath = None,
) -> int:
    """Destroy a deployed stack, and say what is left."""
    require_deliverable(wanted, output, every=every)
    accounts = named_accounts(account, account_file)
    project = find_project(config)
    stacks = asked(name, project, every=every)
    need("aws")
    call = Call(providers=allow_provider, provisioners=allow_provisioners)
    destroyed = partial(_destroy, project=project, target=target, accounts=accounts, call=call)
    if not every:
        _require_unused(stacks[0], project, target)
        return deliver_all([destroyed(stacks[0])], wanted, output, every=False)
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
        verdicts.append(destroyed(by_name[one]))
        if verdicts[-1].decision is not Decision.ALLOWED:
            break
    if not verdicts:
        return 0
    code = deliver_all(verdicts, wanted, output, every=True)
    if left := names[len(verdicts) :]:
        note(f"not destroyed, since others may need them: {', '.join(f'`{one}`' for one in left)}")
    return code


def _destroy(
    stack: Stack,
    project: Project,
    target: options.TargetName,
    accounts: tuple[str, ...],
    call: Call,
) -> Verdict:
    from revet.rehearsal import commands  # noqa: PLC0415 - needs the extra
    from revet.rehearsal.holdings import FILE as HOLDINGS  # noqa: PLC0415 - same

    with session_on(stack, project, target, action="destroy", accounts=accounts) as session:
        emulated = target is options.TargetName.EMBEDDED
        cleared = clear_rehearsal(stack.name, project) if emulated else ""
        known = (session.folder / STATE, session.folder / HOLDINGS)
        if cleared and not any(path.exists() for path in known):
            return commands.cleared(session, stack.name, cleared)
        with progress() as observe:
            configuration = _configuration(stack, session, observe)
            unjudged = replace(stack, judging=Judging())  # a broken file must not keep it there
            return commands.destroy(session, call.stack_input(unjudged, configuration), observe)


def _is_there(stack: Stack, project: Project, target: options.TargetName) -> bool:
    """Whether anything may be deployed from a working folder: an earlier command planned there."""
    return (workdir(stack.name, target, project.root) / PLAN).is_file()


def _as_left(stack: Stack, project: Project, target: options.TargetName) -> Configured | None:
    """A stack as its deployment has left it; None when that cannot be read any more."""
    try:
        return Configured(stack, configured(stack, workdir(stack.name, target, project.root)))
    except RevetError:
        return None


def _require_unused(stack: Stack, project: Project, target: options.TargetName) -> None:
    """Keep a stack from being destroyed while one that needs its outputs is deployed.

    Only the embedded AWS keeps all states here; of a real account nobody can tell.
    """
    if target is not options.TargetName.EMBEDDED:
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


def _configuration(stack: Stack, session: Session, observe: Observer) -> Configuration:
    """What the deployment has left; a Terraform folder is copied again if a killed run left half.

    No program is run: a synthesis takes the place of the last one whole, or not at all.
    """
    directory = session.folder
    try:
        return configured(stack, directory)
    except InputError:
        if stack.terraform is None:
            raise
        return configure(stack, directory, observe, inherit=session.inherit)
