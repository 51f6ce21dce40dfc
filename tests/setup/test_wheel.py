"""The wheel, installed without extras into an environment of its own, judges a plan."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from revet.gate.case_plan import plan_json

ROOT = Path(__file__).parents[2]
CASE = {
    "resource": {"aws_kms_key": {"data": {"description": "d", "enable_key_rotation": False}}},
}


def run(*command: str | Path, code: int = 0) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    ended = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, env=environment,
        check=False,
    )  # fmt: skip
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.slow
def test_the_wheel_without_extras_judges_a_plan(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, ROOT)
    [wheel] = tmp_path.glob("revet-*.whl")
    home = tmp_path / "venv"
    run(sys.executable, "-m", "venv", home)
    run(home / "bin/python", "-m", "pip", "install", "--quiet", wheel)
    installed = run(home / "bin/python", "-m", "pip", "list", "--format=freeze")
    for heavy in ("boto3", "cdktn", "jsii", "moto"):
        assert f"\n{heavy}==" not in installed
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(plan_json(CASE, "the test")))
    shown = run(home / "bin/revet", "check", plan, code=1)
    assert "aws_kms_key.data: fail medium kms-key-rotation" in shown
    assert "s3-bucket-versioning" in run(home / "bin/revet", "controls", "list")
