"""A project that `revet new` has begun has its blueprint's verdict, and its own rows catch changes.

The quickest blueprint always; all of them, and the workflow as it is written, under `slow`.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_new import BLUEPRINTS, add_to, begun, commands

from revet.cli.scaffold import PROGRAM

pytestmark = pytest.mark.embedded

QUICKEST = "state-backend"
EACH = [
    pytest.param(name, marks=() if name == QUICKEST else pytest.mark.slow) for name in BLUEPRINTS
]
PATIENCE = 900
VERSIONING = """
    for made in stack.node.find_all():
        if isinstance(made, s3.Bucket):
            made.versioning.add_override("versioning_configuration.status", "Suspended")
"""
ROTATION = """
    for made in stack.node.find_all():
        if isinstance(made, kms.Key):
            made.resource.enable_key_rotation = False
"""
IN_THE_PLAN = {"C", "P", "X", "A"}
"""How a row can be judged before anything is deployed."""


def revet(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "revet.cli", *arguments], cwd=folder, env={**os.environ},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def checked(folder: Path, blueprint: str) -> dict[str, Any]:
    ended = revet(folder, "check", blueprint, "--format", "json")
    assert ended.returncode in (0, 1), ended.stderr
    verdict: dict[str, Any] = json.loads(ended.stdout)
    return verdict


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), "utf-8")


def more_tags(folder: Path) -> None:
    change(folder / "requirements.toml", '"Purpose"]', '"Purpose", "CostCenter"]')


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "versioning": (lambda folder: add_to(folder, VERSIONING), "s3-bucket-versioning"),
    "rotation": (lambda folder: add_to(folder, ROTATION), "kms-key-rotation"),
    "tags": (more_tags, "tags-required"),
}


def rows(verdict: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {
        row["id"]: {cell["judged"]: cell["status"] for cell in row["cells"]}
        for row in verdict["requirements"]
    }


@pytest.mark.parametrize("blueprint", EACH)
def test_a_new_project_has_the_verdict_of_its_blueprint(blueprint: str, tmp_path: Path) -> None:
    folder = begun(tmp_path, blueprint)
    change(folder / PROGRAM, 'owner="unassigned"', 'owner="payments"')
    verdict = checked(folder, blueprint)
    assert verdict["decision"] == "allowed"
    table = tomllib.loads((folder / "requirements.toml").read_text("utf-8"))
    wanted = {row["id"]: set(row["judged"]) & IN_THE_PLAN for row in table["requirement"]}
    passed = {
        row: {way for way, status in cells.items() if status == "pass"}
        for row, cells in rows(verdict).items()
    }
    assert passed == wanted
    assert rows(verdict) == rows(checked(tmp_path, blueprint)), "as that of the blueprint itself"


@pytest.mark.parametrize("blueprint", EACH)
@pytest.mark.parametrize("name", CHANGES)
def test_its_own_requirements_catch_what_is_changed(
    name: str, blueprint: str, tmp_path: Path
) -> None:
    folder = begun(tmp_path, blueprint)
    apply, control = CHANGES[name]
    apply(folder)
    verdict = checked(folder, blueprint)
    assert verdict["decision"] == "blocked"
    failing = {item["control"] for item in verdict["findings"] if item["status"] == "fail"}
    assert failing == {control}


@pytest.mark.parametrize("blueprint", EACH)
@pytest.mark.slow
def test_the_workflow_passes(blueprint: str, tmp_path: Path) -> None:
    folder = begun(tmp_path, blueprint)
    for words in commands(blueprint):
        ended = revet(folder, *words)
        assert ended.returncode == 0, f"{shlex.join(words)}\n{ended.stdout}{ended.stderr}"
        if words[0] == "rehearse":
            assert "with `AWS_REGION=us-west-2, LIFECYCLE=EPHEMERAL`" in ended.stderr
            assert "left after destroy: nothing" in ended.stdout
    assert f"allowed: {blueprint}" in ended.stdout
