"""`revet destroy`: take a deployed stack down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revet.cli.accounts import named_accounts
from revet.cli.judging import Judging
from revet.cli.landing import Landing, clear_rehearsal, land
from revet.cli.options import (
    Account,
    AccountFile,
    AllowProvider,
    AllowProvisioners,
    ConfigPath,
    FormatName,
    OutputPath,
    StackName,
    Target,
    TargetName,
)
from revet.cli.output import Format, deliver
from revet.cli.prerequisites import need
from revet.cli.progress import progress
from revet.cli.road import Configuration, configure, configured, road_input
from revet.cli.workdir import STATE
from revet.model.errors import InputError

if TYPE_CHECKING:
    from revet.target.events import Observer


def destroy(
    name: StackName,
    *,
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
    accounts = named_accounts(account, account_file)
    with land(name, target, action="destroy", accounts=accounts, config=config) as landing:
        need("aws")
        from revet.rehearsal import commands  # noqa: PLC0415 - needs the extra
        from revet.rehearsal.holdings import FILE as HOLDINGS  # noqa: PLC0415 - same

        cleared = clear_rehearsal(name, config) if target is TargetName.EMBEDDED else ""
        known = (landing.directory / STATE, landing.directory / HOLDINGS)
        if cleared and not any(path.exists() for path in known):
            verdict = commands.cleared(name, landing.directory, cleared)
            deliver(verdict, wanted, output)
            return verdict.decision.exit_code
        with progress() as observe:
            verdict = commands.destroy(
                road_input(
                    landing.stack,
                    _configuration(landing, observe),
                    Judging().load(),
                    providers=allow_provider,
                    provisioners=allow_provisioners,
                ),
                landing.target,
                landing.directory,
                observe,
                landing.held,
            )
    deliver(verdict, wanted, output)
    return verdict.decision.exit_code


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
