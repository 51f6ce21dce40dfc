"""The rules of the house that no linter knows: rooms, sizes, names, and what is never written."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py")) + sorted((ROOT / "lib").rglob("*.py"))
ROOMS = {
    "model", "files", "iam", "imports", "plan", "synth", "gate", "embedded", "target", "constructs",
    "verify", "report", "blueprints", "rehearsal", "cli",
}  # fmt: skip
MODEL = {
    "account_read",
    "__init__",
    "finding",
    "flow",
    "framework",
    "verdict",
    "requirement",
    "control",
    "attack",
    "record",
    "arn",
    "errors",
    "fields",
    "work",
}
MAX_LINES = 400
AVOID = {"manager", "handler", "helper", "helpers", "utils", "util", "core", "common", "misc"}
MAY_START_PROGRAMS = {"target", "embedded", "synth"}


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_the_rooms_are_the_fifteen() -> None:
    assert {path.parent.name for path in (ROOT / "src/revet").glob("*/__init__.py")} == ROOMS


def test_model_holds_exactly_its_files() -> None:
    assert {path.stem for path in (ROOT / "src/revet/model").glob("*.py")} == MODEL


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_file_is_short_and_well_named(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_LINES
    assert path.stem not in AVOID


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_three_rooms_start_programs(path: Path) -> None:
    room = path.relative_to(ROOT).parts[2] if path.is_relative_to(ROOT / "src") else "lib"
    if room in MAY_START_PROGRAMS:
        return
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert "subprocess" not in imported


GATE = ROOT / "src/revet/gate"
MAY_BE_READ = ("revet.gate.readings", "revet.iam", "revet.model", "revet.plan")


def test_the_contracts_of_the_gate_list_all_of_its_machinery() -> None:
    machinery = {f"revet.gate.{path.stem}" for path in GATE.glob("*.py")} - {"revet.gate.__init__"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    parts = {"revet.gate.controls", "revet.gate.readings"}
    of_gate = [
        {*contract["source_modules"], *contract["forbidden_modules"]} - parts
        for contract in contracts
        if contract["type"] == "forbidden"
        and not parts.isdisjoint({*contract["source_modules"], *contract["forbidden_modules"]})
    ]
    declared = machinery - {"revet.gate.catalog"}
    assert of_gate == [machinery, machinery, declared]


@pytest.mark.parametrize(
    "path", sorted((GATE / "readings").rglob("*.py")), ids=lambda p: str(p.relative_to(GATE))
)
def test_readings_know_only_what_lies_below_them(path: Path) -> None:
    imported = {
        node.module
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("revet")
    }
    assert {name for name in imported if not (name or "").startswith(MAY_BE_READ)} == set()


FORBIDDEN = {
    "a path of a machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+|opt/tf\S*|tmp/\w+)/"),
    "a host of a package registry": re.compile(
        r"pypi\.org|files\.pythonhosted|registry\.npmjs|deb\.debian\.org"
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_tracked_names(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path.suffix not in {".png", ".zip"} and path != Path(__file__)
        for match in FORBIDDEN[what].finditer(path.read_text(errors="replace"))
    ]
    assert found == []
