"""Which requirements of public frameworks a control supports.

The data is one TOML file for each framework, so that it is corrected in one place. A control
*supports* a requirement; nothing here says that anything is compliant.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FRAMEWORKS = Path(__file__).parent / "frameworks"


@dataclass(frozen=True, slots=True)
class Framework:
    """One version of a framework.

    Args:
        id: name of the file, for example `pci_dss`.
        title: as its publisher calls it.
        version: of the framework; ids mean something only together with it.
        source: where the mapping was read.
        controls: id of our control to ids of the framework's requirements.
    """

    id: str
    title: str
    version: str
    source: str
    controls: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Support:
    """What one control supports in one framework.

    Args:
        framework: the framework.
        ids: of its requirements.
    """

    framework: Framework
    ids: tuple[str, ...]


@cache
def load_frameworks() -> tuple[Framework, ...]:
    """All frameworks, in the order of their ids."""
    return tuple(_read(path) for path in sorted(FRAMEWORKS.glob("*.toml")))


def frameworks_of(control: str) -> tuple[Support, ...]:
    """What a control supports.

    Args:
        control: its id.

    Returns:
        One for each framework that knows it; empty when none does.
    """
    return tuple(
        Support(framework, framework.controls[control])
        for framework in load_frameworks()
        if control in framework.controls
    )


def _read(path: Path) -> Framework:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    controls = {name: tuple(ids) for name, ids in data["controls"].items()}
    return Framework(path.stem, data["title"], data["version"], data["source"], controls)
