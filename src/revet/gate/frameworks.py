"""Which requirements of public frameworks a control supports.

The data is one TOML file for each framework, so that it is corrected in one place. A control
*supports* a requirement; nothing here says that anything is compliant.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from revet.model.errors import UsageError
from revet.model.framework import Framework, FrameworkRow

FRAMEWORKS = Path(__file__).parent / "frameworks"


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
    """What a control supports, by its id.

    Returns:
        One for each framework that knows it; empty when none does.
    """
    return tuple(
        Support(framework, framework.controls[control])
        for framework in load_frameworks()
        if control in framework.controls
    )


def named_frameworks(
    ids: Iterable[str], *, where: str = "--framework", error: type[UsageError] = UsageError
) -> tuple[Framework, ...]:
    """The frameworks with these ids, each once, in the order in which they are named.

    Args:
        ids: for example `pci_dss`, or `pci-dss`.
        where: they are named, for the message.
        error: that says so when there is no such framework.

    Raises:
        UsageError: there is no framework with one of the ids.
    """
    given = {name.replace("-", "_"): name for name in ids}
    if not given:
        return ()
    known = {framework.id: framework for framework in load_frameworks()}
    for one, name in given.items():
        if one not in known:
            meant = one.lower()
            begins = [other for other in known if meant and other.startswith(meant)]
            close = begins or difflib.get_close_matches(meant, known, n=1)
            raise error(
                "no such framework",
                where=where,
                got=f"`{name}`",
                expected=", ".join(f"`{other}`" for other in known),
                do=f"did you mean `{close[0]}`?" if close else "name one of them",
            )
    return tuple(known[one] for one in given)


def _read(path: Path) -> Framework:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    supports: dict[str, list[str]] = {name: [] for name in data["rows"]}
    for control, ids in data["controls"].items():
        for name in ids:
            supports[name].append(control)
    outside = {name: why for why, ids in data.get("outside", {}).items() for name in ids}
    rows = tuple(
        FrameworkRow(name, title, tuple(supports[name]), outside.get(name, ""))
        for name, title in data["rows"].items()
    )
    return Framework(path.stem, data["title"], data["version"], data["source"], rows)
