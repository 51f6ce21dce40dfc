"""CDK Terrain's own command line runs `tap.py` as `cdktf.json` says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROJECT = json.loads((ROOT / "cdktf.json").read_text())


def test_the_program_that_the_project_file_names_synthesizes(tmp_path: Path) -> None:
    environment = {**os.environ, "CDKTF_OUTDIR": str(tmp_path)}
    python, *program = PROJECT["app"].split()
    assert python == ".venv/bin/python"  # as `make setup` makes it
    run = subprocess.run(
        [sys.executable, *program], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert set(json.loads((tmp_path / "manifest.json").read_text())["stacks"]) == {"TapStack"}


def test_nothing_is_generated() -> None:
    assert PROJECT["language"] == "python"
    assert PROJECT["terraformProviders"] == PROJECT["terraformModules"] == []


def test_the_output_is_ignored() -> None:
    assert f"{PROJECT['output']}/" in (ROOT / ".gitignore").read_text().split()
