"""Where Terraform keeps its state, in place of the configuration's own backend."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from revet.files import replace_file
from revet.target.modules import OVERRIDE_FILE
from revet.target.provider_blocks import not_writable


def write_backend_override(directory: Path, backend: Mapping[str, Any] | None) -> None:
    """Replace the configuration's backend, and nothing else, by another one.

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
            replace_file(file, json.dumps({"terraform": {"backend": backend}}, indent=2) + "\n")
    except OSError as error:
        raise not_writable(file, error) from error


def replaces_backend(directory: Path) -> bool:
    """Whether our override names the backend of a folder.

    Args:
        directory: the folder with the configuration.
    """
    try:
        return "terraform" in json.loads((directory / OVERRIDE_FILE).read_bytes())
    except FileNotFoundError:
        return False
