"""The environments that Terraform's commands run in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_CONFIG_FILE = "TF_CLI_CONFIG_FILE"

_AUTOMATION = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
"""No prompts, no advice to run other commands, no question to the vendor whether there is news."""

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
_NETWORK = (*_PROXIES, *map(str.lower, _PROXIES), "SSL_CERT_FILE", "SSL_CERT_DIR")


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without the name of a CLI configuration file that does not exist.

    Terraform warns about such a file in every answer, between the lines that we read.
    """
    named = environment.get(_CONFIG_FILE, "")
    absent = bool(named) and not Path(named).is_file()
    return {key: value for key, value in environment.items() if key != _CONFIG_FILE or not absent}


def for_terraform(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for plan, apply, destroy and the reading commands.

    Args:
        environment: what the target wants every program to have.
    """
    return {**clean(environment), **_AUTOMATION}


def for_init(
    environment: Mapping[str, str], own: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment for `init`, which talks to the registry and not to the target.

    The network settings are those that revet itself was started with: an embedded target's proxy
    refuses every host that is not AWS.

    Args:
        environment: what the target wants every program to have.
        own: the environment revet was started with; the process's own by default.
    """
    started_with = os.environ if own is None else own
    kept = {key: value for key, value in environment.items() if key not in _NETWORK}
    network = {key: started_with[key] for key in _NETWORK if key in started_with}
    return for_terraform({**kept, **network})
