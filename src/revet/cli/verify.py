"""`revet verify`: read what is deployed, and judge it."""

# ruff: noqa: PLC0415 - what an extra or POSIX brings is imported after `need` has asked for it

from __future__ import annotations

from typing import Annotated

import typer

from revet.cli import options
from revet.cli.accounts import named_accounts
from revet.cli.configuration import Call, configured
from revet.cli.delivery import deliver_all, require_deliverable
from revet.cli.judging import Judging
from revet.cli.output import Format
from revet.cli.prerequisites import need
from revet.cli.previous import earlier
from revet.cli.progress import progress
from revet.cli.project import find_project
from revet.cli.sessions import session_on
from revet.cli.several import asked, beginning


def verify(
    name: options.SomeStack = None,
    *,
    every: options.Every = False,
    target: options.Target = options.TargetName.EMBEDDED,
    account: options.Account = None,
    account_file: options.AccountFile = None,
    allow_provider: options.AllowProvider = None,
    allow_provisioners: options.AllowProvisioners = False,
    requirements: options.RequirementsPath = None,
    properties: options.PropertiesPath = None,
    attacks: options.AttacksPath = None,
    frameworks: options.FrameworkIds = None,
    baseline: options.BaselineName = None,
    waivers: options.WaiversPath = None,
    fail_on: options.FailOnLevel = None,
    previous: options.PreviousPath = None,
    fail_on_new: options.FailOnNew = False,
    beside: Annotated[
        bool,
        typer.Option("--beside", help="Judge what is not the stack's, too, where it was read."),
    ] = False,
    wanted: options.FormatName = Format.TEXT,
    output: options.OutputPath = None,
    config: options.ConfigPath = None,
) -> int:
    """Judge what is deployed, and what is attached to it, in the account; nothing is changed."""
    before = earlier(previous, baseline, fail_on_new=fail_on_new)
    require_deliverable(wanted, output, before, every=every)
    given = Judging(
        requirements,
        before.baseline,
        waivers,
        fail_on,
        frameworks=tuple(frameworks or ()),
        properties=properties,
        attacks=attacks,
    )
    call = Call(given, allow_provider, allow_provisioners)
    accounts = named_accounts(account, account_file)
    project = find_project(config)
    stacks = asked(name, project, every=every)
    need("aws")
    from revet.rehearsal import commands

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
