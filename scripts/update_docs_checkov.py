"""Write the page of what Checkov says against the blueprints, and of what we say to it.

The answers are `docs/checkov.toml`; `scripts/update_checkov.py` asks Checkov.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs"
LIST = PAGES / "checkov.toml"
_HEAD = (
    "# Checkov\n\n<!-- made by scripts/update_docs_checkov.py -->\n\n"
    "What [Checkov](https://www.checkov.io) says against the plans of the blueprints, as their "
    "programs make them by default. Whatever it finds is mended, or answered here: a test compares "
    "this table with what Checkov said last (`tests/blueprints/checkov.json`, written by "
    "`scripts/update_checkov.py`), and where Checkov is installed it is asked again. An "
    "answer to what no longer fails makes the test fail too.\n"
)


def answers() -> list[dict[str, Any]]:
    """The table of answers."""
    found: list[dict[str, Any]] = tomllib.loads(LIST.read_text("utf-8"))["answer"]
    return found


def pages() -> dict[str, str]:
    """The page by its name."""
    parts = [_HEAD]
    rows = answers()
    for blueprint in sorted({row["blueprint"] for row in rows}):
        parts.append(f"\n## {blueprint.replace('_', '-')}\n\n")
        parts.append("| check | asks that | resources | reason |\n|---|---|---|---|\n")
        for row in rows:
            if row["blueprint"] == blueprint:
                where = ", ".join(f"`{one}`" for one in row["resources"])
                parts.append(f"| {row['check']} | {row['asks']} | {where} | {row['reason']} |\n")
    return {"checkov.md": "".join(parts)}
