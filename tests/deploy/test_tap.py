"""The whole road over the application stack, as `make demo` walks it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import revet
from revet.files import private_folder

pytestmark = [pytest.mark.embedded, pytest.mark.rehearsal]

ROWS = Path(revet.__path__[0]) / "blueprints" / "tap" / "requirements.toml"
PATIENCE = 900


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    ended = subprocess.run(
        [sys.executable, "-m", "revet.cli", "demo"], cwd=folder, env={**os.environ},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder / ".revet" / "tap" / "rehearsal"


@pytest.fixture(scope="module")
def verdict(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "verdict.json").read_text())
    return found


def test_every_row_has_the_evidence_that_it_asks_for(verdict: dict[str, Any]) -> None:
    rows = tomllib.loads(ROWS.read_text())["requirement"]
    wanted = {row["id"]: set(row["judged"]) for row in rows}
    found = {
        row["id"]: {cell["judged"] for cell in row["cells"] if cell["status"] == "pass"}
        for row in verdict["requirements"]
    }
    assert found == wanted


def test_proofs_and_attacks_are_decided_over_the_plan_and_over_what_is_deployed(
    verdict: dict[str, Any],
) -> None:
    for way in ("X", "A"):
        found = [item for item in verdict["evidence"] if item["judged"] == way]
        assert {item["origin"] for item in found} == {"plan", "state"}


def test_live_evidence_says_that_it_is_emulated(verdict: dict[str, Any]) -> None:
    assert {item["origin"] for item in verdict["evidence"] if item["judged"] == "L"} == {"emulated"}
    assert {item["origin"] for item in verdict["findings"]} == {"plan", "emulated"}


def test_the_second_plan_finds_nothing_to_do(verdict: dict[str, Any]) -> None:
    [drift] = [item for item in verdict["findings"] if item["control"] == "terraform-second-plan"]
    assert drift["status"] == "pass"


def test_nothing_is_left(verdict: dict[str, Any], folder: Path) -> None:
    assert verdict["provenance"]["notes"]["left after destroy"] == "nothing"
    assert not (private_folder(folder) / "aws").exists(), (
        "its own embedded AWS and state are discarded"
    )


def test_versions_are_those_that_ran(verdict: dict[str, Any]) -> None:
    versions = verdict["provenance"]["versions"]
    assert versions["registry.terraform.io/hashicorp/aws"].count(".") == 2
    assert versions["revet"] == revet.__version__


def test_outputs_are_one_flat_file(folder: Path) -> None:
    outputs = json.loads((folder / "outputs.json").read_text())
    assert outputs["data_bucket_name"].startswith("tap-data-dev-")
    assert all(not isinstance(value, dict) for value in outputs.values())


def test_no_secret_is_written(folder: Path) -> None:
    for path in folder.glob("*.json*"):
        assert "BEGIN RSA PRIVATE KEY" not in path.read_text()
    calls = [json.loads(line) for line in (folder / "calls.jsonl").read_text().splitlines()]
    created = [call for call in calls if call["eventName"] == "CreateDBInstance"]
    assert created
    assert all("masterUserPassword" not in str(call["requestParameters"]) for call in created)
