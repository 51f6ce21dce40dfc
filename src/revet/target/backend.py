"""What of ours lies in the folder that Terraform runs in, and what of others must not."""

from __future__ import annotations

import json
import os
from pathlib import Path

from revet.model.errors import InputError
from revet.target.modules import OVERRIDE_FILE

_BROUGHT_ALONG = Path("terraform.d", "plugins")
"""Where `init` looks for providers in the folder that it runs in.

Source: Terraform, "Provider installation", "Implied local mirror directories".
"""


def require_no_plugins(directory: Path) -> None:
    """Refuse a folder that brings providers along: `init` would install, and plan execute them.

    Args:
        directory: the folder that Terraform runs in.

    Raises:
        InputError: it holds a plugin folder.
    """
    folder = directory / _BROUGHT_ALONG
    if folder.exists():
        raise InputError(
            "the configuration brings providers along, which would be executed",
            where=str(folder),
            got="a plugin folder in the folder that Terraform runs in",
            expected="providers from the registry, or from a folder of this machine",
            do="remove it; if you trust them, put them into `~/.terraform.d/plugins`",
        )


def replaces_backend(directory: Path) -> bool:
    """Whether our override names the backend of a folder.

    Args:
        directory: the folder with the configuration.
    """
    try:
        return "terraform" in json.loads((directory / OVERRIDE_FILE).read_bytes())
    except FileNotFoundError:
        return False


def relative_path(path: Path, directory: Path) -> str:
    """A path as Terraform gets it.

    Args:
        path: without links; a relative one stays as it is.
        directory: the folder that Terraform runs in, absolute and without links.
    """
    return os.path.relpath(path, directory) if path.is_absolute() else str(path)
