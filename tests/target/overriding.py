"""The override that a target would write into one folder, without a target."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from revet.target.modules import read_tree
from revet.target.provider_blocks import write_overrides


def write_backend_override(directory: Path, backend: Mapping[str, Any] | None) -> None:
    """Replace the backend of a configuration, and nothing else."""
    modules = read_tree(directory, "terraform", "registry.terraform.io")
    write_overrides(modules, lambda _block: {}, backend, [directory])
