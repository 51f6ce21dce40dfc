"""The whole road over the bucket of states with its lock table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

PATIENCE = 600


def test_the_state_backend_is_deployed_verified_and_leaves_nothing(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "revet.cli", "rehearse", "state-backend"], cwd=tmp_path,
        env={**os.environ, "LOCK": "both"}, capture_output=True, text=True, timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    folder = tmp_path / ".revet" / "state-backend" / "rehearsal"
    verdict = json.loads((folder / "verdict.json").read_text())
    cells = {
        (row["id"], cell["judged"]): cell["status"]
        for row in verdict["requirements"]
        for cell in row["cells"]
    }
    assert set(cells.values()) == {"pass"}
    assert ("TAP-02", "L") in cells
    assert verdict["provenance"]["notes"]["left after destroy"] == "nothing"
    outputs = json.loads((folder / "outputs.json").read_text())
    assert outputs["lock_table_name"] == "terraform-state-lock-dev"
    assert outputs["state_bucket_name"].startswith("terraform-states-dev-")
