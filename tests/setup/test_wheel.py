"""The wheel, installed without extras into an environment of its own, judges a plan."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.gate.case_plan import plan_json

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


def pins_of_the_base() -> str:
    """Of what the set-up pins, the packages that revet needs without extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names: set[str] = set()
    waiting = list(project["dependencies"])
    while waiting:
        need = Requirement(waiting.pop())
        if need.name not in names and (not need.marker or need.marker.evaluate({"extra": ""})):
            names.add(need.name)
            waiting += metadata.requires(need.name) or []
    pins = (ROOT / "requirements/dev.txt").read_text()
    entries = re.findall(r"^([a-z0-9-]+)(==.*(?:\n    --hash.*)+)", pins, re.MULTILINE)
    wanted = {canonicalize_name(name) for name in names}
    return "\n".join(name + rest for name, rest in entries if name in wanted)


@pytest.mark.slow
def test_the_wheel_without_extras_judges_a_plan(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT)
    [wheel] = tmp_path.glob("revet-*.whl")
    wanted = tmp_path / "wanted.txt"
    wanted.write_text(pins_of_the_base())
    home = tmp_path / "venv"
    run(sys.executable, "-m", "venv", home)
    pip = (home / "bin/python", "-m", "pip")
    run(*pip, "install", "-q", "--require-hashes", "--only-binary", ":all:", "-r", wanted)
    run(*pip, "install", "-q", "--no-index", wheel)
    run(*pip, "check")
    installed = run(home / "bin/python", "-m", "pip", "list", "--format=freeze")
    for heavy in ("boto3", "cdktn", "jsii", "moto"):
        assert f"\n{heavy}==" not in installed
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(plan_json(CASE, "the test")))
    said = re.findall(r"^\$ revet (.*plan\.json)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert said == ["check plan.json"]
    shown = run(home / "bin/revet", *said[0].replace("plan.json", str(plan)).split(), code=1)
    assert "FAIL kms-key-rotation (medium) at 1 address" in shown
    assert "s3-bucket-versioning" in run(home / "bin/revet", "controls", "list")
