"""A project that `revet new` has begun has its blueprint's verdict, and its own rows catch changes.

The quickest blueprint always, with all changes at once; the others, one change at a time, and the
workflow as it is written, under `slow`.
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
WAIVED = {"trading-platform": ("TA-06",)}
"""Rows that a blueprint's own waiver is about: without a domain, no TLS policy can be set."""


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
    keys = "[settings.tags-required]\nkeys = ["
    change(folder / "requirements.toml", keys, f'{keys}"Team", ')


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "versioning": (lambda folder: add_to(folder, VERSIONING), "s3-bucket-versioning"),
    "rotation": (lambda folder: add_to(folder, ROTATION), "kms-key-rotation"),
    "tags": (more_tags, "tags-required"),
}


def supported(verdict: dict[str, Any]) -> dict[str, set[str]]:
    """Row to the ways in which it was judged and passed."""
    return {
        row["id"]: {cell["judged"] for cell in row["cells"] if cell["status"] == "pass"}
        for row in verdict["requirements"]
    }


def waived(verdict: dict[str, Any]) -> set[tuple[str, str]]:
    """Rows, each with a way in which nothing is wrong but what is waived."""
    return {
        (row["id"], cell["judged"])
        for row in verdict["requirements"]
        for cell in row["cells"]
        if cell["status"] == "waived"
    }


def asked(folder: Path) -> dict[str, set[str]]:
    """Row to the ways in which it is to be judged."""
    table = tomllib.loads((folder / "requirements.toml").read_text("utf-8"))
    return {row["id"]: set(row["judged"]) for row in table["requirement"]}


@pytest.mark.parametrize("blueprint", EACH)
def test_a_new_project_is_allowed_with_every_row(blueprint: str, tmp_path: Path) -> None:
    folder = begun(tmp_path, blueprint)
    argument = "cost_center" if blueprint == "trading-platform" else "owner"
    change(folder / PROGRAM, f'{argument}="unassigned"', f'{argument}="payments"')
    verdict = checked(folder, blueprint)
    assert verdict["decision"] == "allowed"
    left = waived(verdict)
    assert left == {(row, "P") for row in WAIVED.get(blueprint, ())}
    wanted = {
        row: {way for way in ways & IN_THE_PLAN if (row, way) not in left}
        for row, ways in asked(folder).items()
    }
    assert supported(verdict) == wanted


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
@pytest.mark.slow
def test_its_verdict_is_that_of_the_blueprint(blueprint: str, tmp_path: Path) -> None:
    own, ours = (checked(one, blueprint) for one in (begun(tmp_path, blueprint), tmp_path))
    for part in ("decision", "requirements", "not_looked_at"):
        assert own[part] == ours[part]
    found = [
        sorted((item["control"], item["status"]) for item in one["findings"]) for one in (own, ours)
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("blueprint", "names"),
    [
        pytest.param(QUICKEST, tuple(CHANGES), id=f"{QUICKEST}-all"),
        *(
            pytest.param(one, (name,), marks=pytest.mark.slow, id=f"{one}-{name}")
            for one in BLUEPRINTS
            for name in CHANGES
        ),
    ],
)
def test_its_own_requirements_catch_what_is_changed(
    blueprint: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    folder = begun(tmp_path, blueprint)
    changes = [CHANGES[name] for name in names]
    for apply, _ in changes:
        apply(folder)
    verdict = checked(folder, blueprint)
    assert verdict["decision"] == "blocked"
    failing = {item["control"] for item in verdict["findings"] if item["status"] == "fail"}
    assert failing == {control for _, control in changes}


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
@pytest.mark.slow
def test_the_workflow_passes(blueprint: str, tmp_path: Path) -> None:
    folder = begun(tmp_path, blueprint)
    calls = commands(blueprint)
    for words in calls:
        ended = revet(folder, *words)
        assert ended.returncode == 0, f"{shlex.join(words)}\n{ended.stdout}{ended.stderr}"
        if words[0] == "rehearse":
            region = tomllib.loads((folder / "revet.toml").read_text("utf-8"))["region"]
            assert f"with `AWS_REGION={region}, LIFECYCLE=EPHEMERAL`" in ended.stderr
            assert "left after destroy: nothing" in ended.stdout
        if words[0] == "report":
            assert "allowed" in ended.stdout
    assert calls[-1][0] == "report"
    report = folder / ".revet" / blueprint / "rehearsal" / "verdict.json"
    verdict = json.loads(report.read_text("utf-8"))
    left = waived(verdict)
    assert left == {(row, way) for row in WAIVED.get(blueprint, ()) for way in "PL"}
    judged = supported(verdict)
    for row, way in left:
        judged[row].add(way)
    assert judged == asked(folder)
