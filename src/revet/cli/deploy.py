"""`revet deploy`: apply the plan that the gate has allowed, and only that one."""

from __future__ import annotations

from contextlib import ExitStack

from revet.cli.accounts import named_accounts
from revet.cli.delivery import deliver_all, require_deliverable
from revet.cli.judging import Judging
from revet.cli.landing import land, state_of
from revet.cli.options import (
    Account,
    AccountFile,
    AllowProvider,
    AllowProvisioners,
    ConfigPath,
    ControlBaseline,
    Every,
    FailOnLevel,
    FormatName,
    FrameworkIds,
    OutputPath,
    RequirementsPath,
    SomeStack,
    Target,
    TargetName,
    TimeLimit,
    WaiversPath,
)
from revet.cli.output import Format, note
from revet.cli.prerequisites import need
from revet.cli.programs import Programs
from revet.cli.progress import progress
from revet.cli.project import find_project
from revet.cli.road import configure, road_input
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
from revet.cli.workdir import KEPT, OUTPUTS
from revet.model.verdict import Decision, Verdict

_FIRST = "`revet deploy {}` first, or `revet deploy --all`"


def deploy(
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
    baseline: ControlBaseline = None,
    waivers: WaiversPath = None,
    fail_on: FailOnLevel = None,
    time_limit: TimeLimit = None,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Deploy a stack, if its plan passes the gate."""
    require_deliverable(wanted, output, every=every)
    given = Judging(requirements, baseline, waivers, fail_on, time_limit, tuple(frameworks or ()))
    accounts = named_accounts(account, account_file)
    project = find_project(config)
    stacks = asked(name, project, every=every)
    if target is TargetName.EMBEDDED:
        need("embedded")
    need("aws")
    from revet.rehearsal import commands  # noqa: PLC0415 - needs the extra

    programs = Programs()
    verdicts: dict[str, Verdict] = {}
    with ExitStack() as entered, progress() as observe:
        rooms, landings, loaded = {}, {}, {}
        for stack in stacks:
            landing = entered.enter_context(
                land(
                    stack.name,
                    target,
                    action="deploy",
                    accounts=accounts,
                    stay=True,
                    config=project.path,
                )
            )
            loaded[stack.name] = given.over(stack.judging).load()
            (landing.directory / KEPT).unlink(missing_ok=True)
            configuration = configure(
                stack, landing.directory, observe, held=landing.held, programs=programs
            )
            rooms[stack.name] = Configured(stack, configuration)
            landings[stack.name] = landing
        order = in_order(rooms.values())
        for one in order:
            beginning("deploy", one, order)
            landing, room = landings[one], rooms[one]
            read_from(
                room,
                deployed_states(room, project, state_of(project), _FIRST)
                if target is TargetName.EMBEDDED
                else states_beside(room, project, target),
            )
            verdicts[one] = commands.deploy(
                road_input(
                    room.stack,
                    room.configuration,
                    loaded[one],
                    providers=allow_provider,
                    provisioners=allow_provisioners,
                ),
                landing.target,
                landing.directory,
                told_apart(observe, one, several=len(order) > 1),
                landing.held,
            )
            if verdicts[one].decision is not Decision.ALLOWED:
                break
    code = deliver_all(list(verdicts.values()), wanted, output, every=every)
    for one, verdict in verdicts.items():
        if verdict.decision is Decision.ALLOWED:
            note(f"outputs: {landings[one].directory / OUTPUTS}")
            note(f"next: `revet verify {one}`" + _on(target))
    if left := [f"`{one}`" for one in order if one not in verdicts]:
        note(f"not deployed, since `{one}` was not: {', '.join(left)}")
    return code


def _on(target: TargetName) -> str:
    return "" if target is TargetName.EMBEDDED else f" with `--target {target.value}`"
