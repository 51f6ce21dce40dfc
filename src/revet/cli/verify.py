"""`revet verify`: read what is deployed, and judge it."""

from __future__ import annotations

from typing import Annotated

import typer

from revet.cli.accounts import named_accounts
from revet.cli.configuration import Call, configured
from revet.cli.judging import Judging
from revet.cli.options import (
    Account,
    AccountFile,
    AllowProvider,
    AllowProvisioners,
    BaselineName,
    ConfigPath,
    Every,
    FailOnLevel,
    FailOnNew,
    FormatName,
    FrameworkIds,
    OutputPath,
    PreviousPath,
    RequirementsPath,
    SomeStack,
    Target,
    TargetName,
    WaiversPath,
)
from revet.cli.output import Format
from revet.cli.prerequisites import need
from revet.cli.previous import earlier
from revet.cli.progress import progress
from revet.cli.project import find_project
from revet.cli.sessions import session_on
from revet.cli.several import asked, beginning, deliver_all, require_deliverable


def verify(
    name: SomeStack = None,
    *,
    every: Every = False,
    target: Target = TargetName.EMBEDDED,
    account: Account = None,
    account_file: AccountFile = None,
    allow_provider: AllowProvider = None,
    allow_provisioners: AllowProvisioners = False,
    requirements: RequirementsPath = None,
    frameworks: FrameworkIds = None,
    baseline: BaselineName = None,
    waivers: WaiversPath = None,
    fail_on: FailOnLevel = None,
    previous: PreviousPath = None,
    fail_on_new: FailOnNew = False,
    beside: Annotated[
        bool,
        typer.Option("--beside", help="Judge what is not the stack's, too, where it was read."),
    ] = False,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Judge what is deployed, and what is attached to it, in the account; nothing is changed."""
    before = earlier(previous, baseline, fail_on_new=fail_on_new)
    require_deliverable(wanted, output, before, every=every)
    given = Judging(
        requirements, before.baseline, waivers, fail_on, frameworks=tuple(frameworks or ())
    )
    call = Call(given, allow_provider, allow_provisioners)
    accounts = named_accounts(account, account_file)
    project = find_project(config)
    stacks = asked(name, project, every=every)
    need("aws")
    from revet.rehearsal import commands  # noqa: PLC0415 - needs the extra

    verdicts = []
    names = [stack.name for stack in stacks]
    for stack in stacks:
        beginning("verify", stack.name, names)
        with (
            session_on(stack, project, target, action="verify", accounts=accounts) as session,
            progress() as observe,
        ):
            verdict = commands.verify(
                session,
                call.stack_input(stack, configured(stack, session.folder)),
                observe,
                beside=beside,
            )
        verdicts.append(before.beside(verdict))
    return deliver_all(verdicts, wanted, output, every=every)
