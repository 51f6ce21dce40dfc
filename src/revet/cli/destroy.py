"""`revet destroy`: take a deployed stack down."""

from __future__ import annotations

from revet.cli.landing import land
from revet.cli.options import Account, ConfigPath, StackName, Target, TargetName
from revet.cli.output import say
from revet.cli.progress import progress
from revet.cli.road import STATE, configured, terraform_on


def destroy(
    name: StackName,
    *,
    target: Target = TargetName.EMBEDDED,
    account: Account = None,
    config: ConfigPath = None,
) -> int:
    """Destroy a deployed stack, and say what is left."""
    landing = land(name, target, account=account, config=config, action="destroy")
    directory = landing.directory
    with progress() as observe:
        terraform = terraform_on(
            configured(landing.stack, directory),
            landing.target,
            state=directory / STATE,
            observe=observe,
        )
        terraform.destroy()
    left = landing.target.leftovers()
    if left is None:
        say(f"destroyed: {name}; what else is in the account is not looked at")
    elif left:
        say(f"destroyed: {name}; the embedded AWS still holds {len(left)} things:")
        for line in left:
            say(f"  {line}")
    else:
        say(f"destroyed: {name}; nothing is left")
    return 0
