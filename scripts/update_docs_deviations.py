"""Write docs/deviations.md: what is found in the field, with the controls that catch it.

The list is `docs/deviations.toml`; the controls name what they catch.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from revet.gate.catalog import load_catalog

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs"
_INTRODUCTION = (
    "Misconfigurations found in reviewed code, the names that controls use for them, and the "
    "controls that catch each. Generated from the catalogue; `make docs` regenerates it."
)
LIST = PAGES / "deviations.toml"


def deviations() -> Mapping[str, str]:
    """What is found in the field: its name, and what it is."""
    return tomllib.loads(LIST.read_text(encoding="utf-8"))


def pages() -> dict[str, str]:
    """The page, by its name."""
    catching: dict[str, list[str]] = {}
    for name, control in load_catalog().items():
        for deviation in control.meta.deviations:
            catching.setdefault(deviation, []).append(f"[{name}](controls/{name}.md)")
    lines = [
        "# Deviations",
        "",
        _INTRODUCTION,
        "",
        "| deviation | what is found | controls |",
        "|---|---|---|",
        *(
            f"| {name} | {words} | {', '.join(catching.get(name, ['none yet']))} |"
            for name, words in deviations().items()
        ),
    ]
    return {"deviations.md": "\n".join(lines) + "\n"}
