"""`revet deploy`: apply the plan that the gate has allowed, and only that one."""

from __future__ import annotations

from contextlib import ExitStack

from revet.cli import options
from revet.cli.accounts import named_accounts
from revet.cli.configuration import Call, configure
from revet.cli.delivery import deliver_all, require_deliverable
from revet.cli.judging import Judging
from revet.cli.output import Format, note
from revet.cli.prerequisites import need
from revet.cli.programs import Programs
from revet.cli.progress import progress
from revet.cli.project import find_project
from revet.cli.sessions import session_on, state_of
from revet.cli.several import (
    Configured,
    asked,
    beginning,
    deployed_states,
    in_order,
    read_from,
    states_beside,
    told_apart,
)
from revet.cli.workdir import KEPT
from revet.files import OUTPUTS
from revet.model.verdict import Decision, Verdict

_FIRST = "`revet deploy {}` first, or `revet deploy --all`"


def deploy(
    name: options.SomeStack = None,
    *,
    every: options.Every = False,
    target: options.Target = options.TargetName.EMBEDDED,
    account: options.Account = None,
    account_file: options.AccountFile = None,
    allow_provider: options.AllowProvider = None,
    allow_provisioners: options.AllowProvisioners = False,
    allow_functions: options.AllowFunctions = False,
    requirements: options.RequirementsPath = None,
    properties: options.PropertiesPath = None,
    attacks: options.AttacksPath = None,
    frameworks: options.FrameworkIds = None,
    baseline: options.ControlBaseline = None,
    waivers: options.WaiversPath = None,
    fail_on: options.FailOnLevel = None,
    time_limit: options.TimeLimit = None,
    wanted: options.FormatName = Format.TEXT,
    output: options.OutputPath = None,
    config: options.ConfigPath = None,
) -> int:
    """Deploy a stack, if its plan passes the gate."""
    require_deliverable(wanted, output, every=every)
    given = Judging(
        requirements,
        baseline,
        waivers,
        fail_on,
        time_limit,
        tuple(frameworks or ()),
        properties,
        attacks,
    )
    call = Call(given, allow_provider, allow_provisioners, allow_functions)
    accounts = named_accounts(account, account_file)
    project = find_project(config)
    stacks = asked(name, project, every=every)
    if target is options.TargetName.EMBEDDED:
        need("embedded")
    need("aws")
    from revet.rehearsal import commands  # noqa: PLC0415 - needs the extra

    programs = Programs()
    verdicts: dict[str, Verdict] = {}
    with ExitStack() as entered, progress() as observe:
        rooms, sessions = {}, {}
        for stack in stacks:
            session = entered.enter_context(
                session_on(
                    stack,
                    project,
                    target,
                    action="deploy",
                    accounts=accounts,
                    stay=True,
                    functions=call.may_run_functions(stack),
                )
            )
            given.over(stack.judging).load()  # what is wrong with it is said before anything runs
            directory = session.folder
            (directory / KEPT).unlink(missing_ok=True)
            configuration = configure(
                stack, directory, observe, inherit=session.inherit, programs=programs
            )
            rooms[stack.name] = Configured(stack, configuration)
            sessions[stack.name] = session
        order = in_order(rooms.values())
        for one in order:
            beginning("deploy", one, order)
            room = rooms[one]
            read_from(
                room,
                deployed_states(room, project, state_of(project), _FIRST)
                if target is options.TargetName.EMBEDDED
                else states_beside(room, project, target),
            )
            verdicts[one] = commands.deploy(
                sessions[one],
                call.stack_input(room.stack, room.configuration),
                told_apart(observe, one, several=len(order) > 1),
            )
            if verdicts[one].decision is not Decision.ALLOWED:
                break
    code = deliver_all(list(verdicts.values()), wanted, output, every=every)
    for one, verdict in verdicts.items():
        if verdict.decision is Decision.ALLOWED:
            note(f"outputs: {sessions[one].folder / OUTPUTS}")
            on = "" if target is options.TargetName.EMBEDDED else f" with `--target {target.value}`"
            note(f"next: `revet verify {one}`{on}")
    if left := [f"`{one}`" for one in order if one not in verdicts]:
        note(f"not deployed, since `{one}` was not: {', '.join(left)}")
    return code
