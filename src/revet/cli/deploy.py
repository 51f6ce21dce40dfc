"""`revet deploy`: apply the plan that the gate has allowed, and only that one."""

from __future__ import annotations

from revet.cli.accounts import named_accounts
from revet.cli.judging import Judging
from revet.cli.landing import land
from revet.cli.options import (
    Account,
    AccountFile,
    AllowProvider,
    AllowProvisioners,
    ConfigPath,
    ControlBaseline,
    FailOnLevel,
    FormatName,
    OutputPath,
    RequirementsPath,
    StackName,
    Target,
    TargetName,
    TimeLimit,
    WaiversPath,
)
from revet.cli.output import Format, deliver, note
from revet.cli.prerequisites import need
from revet.cli.progress import progress
from revet.cli.road import configure, road_input
from revet.cli.workdir import KEPT, OUTPUTS
from revet.model.verdict import Decision


def deploy(
    name: StackName,
    *,
    target: Target = TargetName.EMBEDDED,
    account: Account = None,
    account_file: AccountFile = None,
    allow_provider: AllowProvider = None,
    allow_provisioners: AllowProvisioners = False,
    requirements: RequirementsPath = None,
    baseline: ControlBaseline = None,
    waivers: WaiversPath = None,
    fail_on: FailOnLevel = None,
    time_limit: TimeLimit = None,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Deploy a stack, if its plan passes the gate."""
    given = Judging(requirements, baseline, waivers, fail_on, time_limit)
    accounts = named_accounts(account, account_file)
    with land(
        name, target, action="deploy", accounts=accounts, config=config, stay=True
    ) as landing:
        need("aws")
        from revet.rehearsal import commands  # noqa: PLC0415 - needs the extra

        loaded = given.over(landing.stack.judging).load()
        (landing.directory / KEPT).unlink(missing_ok=True)
        with progress() as observe:
            configuration = configure(landing.stack, landing.directory, observe, held=landing.held)
            verdict = commands.deploy(
                road_input(
                    landing.stack,
                    configuration,
                    loaded,
                    providers=allow_provider,
                    provisioners=allow_provisioners,
                ),
                landing.target,
                landing.directory,
                observe,
                landing.held,
            )
    deliver(verdict, wanted, output)
    if verdict.decision is Decision.ALLOWED:
        note(f"outputs: {landing.directory / OUTPUTS}")
        note(f"next: `revet verify {name}`" + _on(target))
    return verdict.decision.exit_code


def _on(target: TargetName) -> str:
    return "" if target is TargetName.EMBEDDED else f" with `--target {target.value}`"
