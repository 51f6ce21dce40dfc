"""Reading 200 files of sources and comparing them with a plan's configuration: within a second.

    python benchmarks/source_files.py

The files are those of stacks of tests/plan/source/stacks without modules of their own, each in a
folder of its own, called from one root module. Exits 1 when the budget is missed.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from revet.plan.source import read_sources
from sources import STACKS

FILES = 200
BUDGET = 1.0
NAMES = (
    "documents",
    "dynamic",
    "each_maps",
    "heredoc",
    "jsonencode",
    "locals",
    "optional",
    "trail",
)


def build(folder: Path) -> dict[str, Any]:
    """Write the files.

    Args:
        folder: where to.

    Returns:
        The `configuration` of the plan that Terraform would make of them.
    """
    calls: dict[str, Any] = {}
    root = ""
    for number in range(FILES - 1):
        stack = STACKS / NAMES[number % len(NAMES)]
        shutil.copytree(stack, folder / f"m{number}", ignore=shutil.ignore_patterns("*.json"))
        configured = json.loads((stack / "plan.json").read_text())["configuration"]["root_module"]
        calls[f"m{number}"] = {"source": f"./m{number}", "module": configured}
        root += f'module "m{number}" {{\n  source = "./m{number}"\n}}\n'
    (folder / "main.tf").write_text(root)
    return {"root_module": {"module_calls": calls}}


def main() -> int:
    """Measure, three times."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configuration = build(folder)
        lines = sum(len(file.read_text().splitlines()) for file in folder.rglob("*.tf"))
        taken = []
        found = read_sources(folder, configuration)  # with what is imported late
        for _ in range(3):
            begun, worked = time.perf_counter(), time.process_time()
            found = read_sources(folder, configuration)
            taken.append((time.process_time() - worked, time.perf_counter() - begun))
        if found.ignored or len(found.modules) != FILES:
            raise SystemExit(f"{len(found.modules)} modules match: {found.ignored[:3]}")
    seconds, wall = min(taken)
    kept = seconds <= BUDGET
    print(
        f"{found.folder.files} files, {lines:,} lines: {seconds:.2f} s of one core "
        f"({wall:.2f} s by the clock); budget {BUDGET:g} s {'kept' if kept else 'MISSED'}"
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
