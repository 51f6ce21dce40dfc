"""The environments that Terraform's commands run in.

Of Terraform's own variables only those get through that are listed here: others name programs to
run in a provider's place, arguments for every command, workspaces, or files to write.

Source of the names: Terraform, "Environment Variables" and "CLI Configuration File"; OpenTofu,
"Environment Variables".
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from revet.model.errors import UsageError

CONFIG_FILE = "TF_CLI_CONFIG_FILE"
INIT_ARGUMENTS = "TF_CLI_ARGS_init"
WORKSPACE = "TF_WORKSPACE"
DATA_FOLDER = "TF_DATA_DIR"

_PLUGIN_FOLDER = "-plugin-dir"
_AUTOMATION = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
"""No prompts, no advice to run other commands, no question to the vendor whether there is news."""

_TERRAFORMS = re.compile(r"TF_|TERRAFORM_|TOFU_|OPENTOFU_")
_ALWAYS = re.compile(r"TF_VAR_.+|TF_LOG|TF_LOG_CORE|TF_LOG_PROVIDER")
_AT_INIT = re.compile(
    r"TF_TOKEN_.+|TF_PLUGIN_CACHE_DIR|TF_REGISTRY_DISCOVERY_RETRY|TF_REGISTRY_CLIENT_TIMEOUT"
    r"|TF_CLI_CONFIG_FILE|TERRAFORM_CONFIG"
)
_OURS = (DATA_FOLDER, WORKSPACE, "TF_ENCRYPTION")
"""Set by a target; what the user has set of them a target takes or leaves."""

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
_NETWORK = (*_PROXIES, *map(str.lower, _PROXIES), "SSL_CERT_FILE", "SSL_CERT_DIR")

_PLAIN = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|PWD|LANG|LANGUAGE|LC_.+|TZ|TMPDIR|TEMP|TMP|TERM|NO_COLOR"
    r"|XDG_.+|APPDATA|LOCALAPPDATA|COMSPEC|PATHEXT|PROGRAMDATA|SYSTEMDRIVE|SYSTEMROOT|USERPROFILE"
    r"|WINDIR|TF_VAR_.+|TF_LOG|TF_LOG_CORE|TF_LOG_PROVIDER",
    re.IGNORECASE,
)


def confined(environment: Mapping[str, str]) -> dict[str, str]:
    """What of the user's environment programs get that must reach the embedded AWS only.

    Paths, language and time zone, and the values of Terraform's variables.

    Args:
        environment: the user's.
    """
    return {name: value for name, value in environment.items() if _PLAIN.fullmatch(name)}


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without the name of a CLI configuration file that does not exist.

    Terraform warns about such a file in every answer, between the lines that we read.
    """
    named = environment.get(CONFIG_FILE, "")
    absent = bool(named) and not Path(named).is_file() and named != os.devnull
    return {key: value for key, value in environment.items() if key != CONFIG_FILE or not absent}


def for_terraform(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for plan, apply, destroy and the reading commands.

    The CLI configuration is empty: what it can say is where providers come from, which `init` has
    settled, and which programs run in place of a provider.

    Args:
        environment: what the target wants every program to have.
    """
    kept = {
        name: value
        for name, value in environment.items()
        if not _TERRAFORMS.match(name) or _ALWAYS.fullmatch(name) or name in _OURS
    }
    return {**kept, CONFIG_FILE: os.devnull, **_AUTOMATION}


def for_init(
    environment: Mapping[str, str], own: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment for `init`, which talks to the registry and not to the target.

    The network settings are those that revet itself was started with: an embedded target's proxy
    refuses every host that is not AWS. What fetching needs besides (tokens for registries, git's
    own settings, an SSH agent) comes from there too.

    Args:
        environment: what the target wants every program to have.
        own: the environment revet was started with; the process's own by default.

    Raises:
        UsageError: `TF_CLI_ARGS_init` cannot be read.
    """
    started_with = os.environ if own is None else own
    strangers = ("AWS_", *_OURS)
    from_user = {
        name: value for name, value in started_with.items() if not name.startswith(strangers)
    }
    from_target = {name: value for name, value in environment.items() if name not in _NETWORK}
    kept = {
        name: value
        for name, value in {**from_user, **from_target}.items()
        if not _TERRAFORMS.match(name)
        or _ALWAYS.fullmatch(name)
        or _AT_INIT.fullmatch(name)
        or name in _OURS
    }
    if folders := plugin_folders({**started_with, **environment}):
        kept[INIT_ARGUMENTS] = shlex.join(f"{_PLUGIN_FOLDER}={folder}" for folder in folders)
    return clean({**kept, **_AUTOMATION})


def plugin_folders(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The folders that the user's arguments for `init` name for providers; nothing else counts.

    Args:
        environment: where `TF_CLI_ARGS_init` is read from.

    Raises:
        UsageError: it cannot be read.
    """
    written = environment.get(INIT_ARGUMENTS, "")
    try:
        words = shlex.split(written)
    except ValueError as error:
        raise UsageError(
            f"`{INIT_ARGUMENTS}` cannot be read",
            where=INIT_ARGUMENTS,
            got=f"`{written}`: {error}",
            expected=f"`{_PLUGIN_FOLDER}=FOLDER`",
            do="correct or unset it",
        ) from error
    folders = []
    waiting = iter(words)
    for word in waiting:
        name, equals, folder = word.partition("=")
        if name in (_PLUGIN_FOLDER, f"-{_PLUGIN_FOLDER}"):
            folders.append(folder if equals else next(waiting, ""))
    return tuple(folder for folder in folders if folder)
