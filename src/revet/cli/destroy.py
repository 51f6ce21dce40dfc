"""`revet destroy`: take a deployed stack down."""

from __future__ import annotations

from revet.cli.judging import Judging
from revet.cli.landing import land
from revet.cli.options import (
    Account,
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
from revet.cli.road import configured, road_input


def destroy(
    name: StackName,
    *,
    target: Target = TargetName.EMBEDDED,
    account: Account = None,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Destroy a deployed stack, and say what is left."""
    with land(name, target, action="destroy", account=account, config=config) as landing:
        need("aws")
        from revet.rehearsal import commands  # noqa: PLC0415 - needs the extra

        with progress() as observe:
            verdict = commands.destroy(
                road_input(
                    landing.stack,
                    configured(landing.stack, landing.directory),
                    Judging().load(),
                ),
                landing.target,
                landing.directory,
                observe,
            )
    deliver(verdict, wanted, output)
    return verdict.decision.exit_code
