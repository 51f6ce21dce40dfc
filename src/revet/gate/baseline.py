"""Baselines: which controls run, and with which settings, unless a requirements file says more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from revet.files import read_toml
from revet.model.fields import check_fields, check_name

BASELINES = Path(__file__).parent / "baselines"
_FIELDS = {"description": str, "controls": list[str], "without": list[str], "settings": dict}


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline.

    Args:
        name: of the file.
        description: what it is for, one line.
        controls: ids that run; `("*",)` for the whole catalogue.
        without: ids that do not run although `controls` has them.
        settings: control id to parameters.
    """

    name: str
    description: str = ""
    controls: tuple[str, ...] = ("*",)
    without: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def load_baseline(name: str | Path) -> Baseline:
    """Read a baseline.

    Args:
        name: of one of ours (`default`), or the path of a TOML file with `description`,
            `controls` (ids, or `["*"]`), `without` and `[settings.CONTROL-ID]` tables.

    Raises:
        ConfigError: there is no such baseline, or a field of it is wrong. Whether the controls
            that it names exist is checked when a plan is judged.
    """
    path = Path(name)
    if path.suffix != ".toml":
        path = BASELINES / f"{name}.toml"
        if not path.is_file():
            names = sorted(found.stem for found in BASELINES.glob("*.toml"))
            do = "name one of them, or a path to a `.toml`"
            check_name(str(name), names, "no such baseline", "baseline", do=do)
    data = read_toml(path, "a baseline")
    check_fields(str(path), "a baseline", data, _FIELDS, needed=("controls",))
    return Baseline(
        path.stem,
        data.get("description", ""),
        tuple(data["controls"]),
        tuple(data.get("without", ())),
        data.get("settings", {}),
    )
