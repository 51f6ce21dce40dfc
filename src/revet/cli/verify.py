"""`revet verify`: read what is deployed, and judge it."""

from __future__ import annotations

from revet.cli.accounts import named_accounts
from revet.cli.judging import Judging
from revet.cli.landing import land
from revet.cli.options import (
    Account,
    AccountFile,
    AllowProvider,
    AllowProvisioners,
    BaselineName,
    ConfigPath,
    FailOnLevel,
    FailOnNew,
    FormatName,
    OutputPath,
    PreviousPath,
    RequirementsPath,
    StackName,
    Target,
    TargetName,
    WaiversPath,
)
from revet.cli.output import Format, deliver
from revet.cli.prerequisites import need
from revet.cli.previous import earlier
from revet.cli.progress import progress
from revet.cli.road import configured, road_input


def verify(
    name: StackName,
    *,
    target: Target = TargetName.EMBEDDED,
    account: Account = None,
    account_file: AccountFile = None,
    allow_provider: AllowProvider = None,
    allow_provisioners: AllowProvisioners = False,
    requirements: RequirementsPath = None,
    baseline: BaselineName = None,
    waivers: WaiversPath = None,
    fail_on: FailOnLevel = None,
    previous: PreviousPath = None,
    fail_on_new: FailOnNew = False,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Check what is deployed; nothing is changed."""
    before = earlier(previous, baseline, fail_on_new=fail_on_new)
    given = Judging(requirements, before.baseline, waivers, fail_on)
    accounts = named_accounts(account, account_file)
    with land(name, target, action="verify", accounts=accounts, config=config) as landing:
        need("aws")
        from revet.rehearsal import commands  # noqa: PLC0415 - needs the extra

        loaded = given.over(landing.stack.judging).load()
        with progress() as observe:
            configuration = configured(landing.stack, landing.directory)
            verdict = commands.verify(
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
    verdict = before.beside(verdict)
    deliver(verdict, wanted, output)
    return verdict.decision.exit_code
