"""`revet check` decides the attacks that an option or `revet.toml` names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import revet

Call = Callable[..., Any]  # of conftest.py
TAP = Path(revet.__path__[0]) / "blueprints" / "tap"
GOOD = Path(__file__).parents[1] / "mutations/tap/plans/good.json"
REQUIREMENTS = ("--requirements", str(TAP / "requirements.toml"))


@pytest.fixture
def plan(tmp_path: Path) -> str:
    (tmp_path / "plan.json").write_text(json.dumps(json.loads(GOOD.read_text())["plan"]))
    return "plan.json"


def attacked(shown: str) -> tuple[str, set[str], list[str]]:
    """The A cell of TAP-05, the results of its attacks, and what blocks."""
    verdict = json.loads(shown)
    [row] = [row for row in verdict["requirements"] if row["id"] == "TAP-05"]
    [cell] = [cell for cell in row["cells"] if cell["judged"] == "A"]
    found = [item for item in verdict["evidence"] if item["judged"] == "A"]
    assert all("simulated" in item["detail"] for item in found)
    blockers = [line for line in verdict["blockers"] if line.startswith("TAP-05")]
    return cell["status"], {item["status"] for item in found}, blockers


def test_attacks_of_an_option_fill_the_cell(call: Call, plan: str) -> None:
    given = ("--attacks", str(TAP / "attacks.toml"), "--format", "json")
    ended = call("check", plan, *REQUIREMENTS, *given)
    assert attacked(ended.out) == ("pass", {"pass"}, [])
    ended = call("check", plan, *REQUIREMENTS, "--format", "json")
    assert attacked(ended.out) == ("not exercised", set(), [])


def test_an_attack_of_the_settings_that_does_not_count_blocks(
    call: Call, plan: str, tmp_path: Path
) -> None:
    attacks = (TAP / "attacks.toml").read_text("utf-8").replace('"OwnPassword"', '"Gone"')
    (tmp_path / "attacks.toml").write_text(attacks, "utf-8")
    rows = (TAP / "requirements.toml").as_posix()
    (tmp_path / "revet.toml").write_text(f'requirements = "{rows}"\nattacks = "attacks.toml"\n')
    ended = call("check", plan, "--format", "json")
    assert ended.code == 1
    name = "change-the-own-password-without-mfa"
    blockers = [f"TAP-05 {name} people_group_arn: unknown"]
    assert attacked(ended.out) == ("unknown", {"pass", "unknown"}, blockers)


def test_a_file_that_is_no_file_of_attacks_is_refused(call: Call, plan: str) -> None:
    ended = call("check", plan, *REQUIREMENTS, "--attacks", str(TAP / "properties.toml"))
    assert ended.code == 3
    assert "a file of attacks" in ended.err
