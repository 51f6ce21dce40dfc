"""What of ours lies in the folder that Terraform runs in, and what of others must not."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from revet.files import replace_file
from revet.model.errors import InputError
from revet.target.modules import OVERRIDE_FILE
from revet.target.provider_blocks import not_writable

_BROUGHT_ALONG = Path("terraform.d", "plugins")
"""Where `init` looks for providers in the folder that it runs in.

Source: Terraform, "Provider installation", "Implied local mirror directories".
"""


def write_backend_override(directory: Path, backend: Mapping[str, Any] | None) -> None:
    """Replace the configuration's backend, and nothing else, by another one.

    What folders are named cannot change its meaning: paths are relative, texts taken literally.

    Args:
        directory: the folder with the configuration.
        backend: as `Target.backend_override` returns it; None takes an earlier override away.

    Raises:
        PrerequisiteError: the folder cannot be written to.
    """
    file = directory / OVERRIDE_FILE
    try:
        if backend is None:
            file.unlink(missing_ok=True)
        else:
            content = {"terraform": {"backend": _as_written(backend, directory.resolve())}}
            replace_file(file, json.dumps(content, indent=2) + "\n")
    except OSError as error:
        raise not_writable(file, error) from error


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


def _as_written(backend: Mapping[str, Any], directory: Path) -> dict[str, Any]:
    """A backend as it is written into the configuration: paths relative, texts taken literally.

    Args:
        backend: as `Target.backend_override` returns it.
        directory: the folder that Terraform runs in, absolute and without links.
    """
    return {
        kind: {
            name: _literal(relative_path(Path(value), directory) if name == "path" else value)
            for name, value in settings.items()
        }
        for kind, settings in backend.items()
    }


def relative_path(path: Path, directory: Path) -> str:
    """A path as Terraform gets it.

    Args:
        path: absolute, without links.
        directory: the folder that Terraform runs in, likewise.
    """
    return os.path.relpath(path, directory)


def _literal(value: object) -> object:
    """A text that Terraform takes as it is: a folder's name may hold what begins an expression.

    Source: Terraform, "JSON configuration syntax", "Expression mapping".
    """
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    return value
