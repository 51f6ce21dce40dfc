"""`--framework` adds rows to a verdict, and changes nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.test_comparison import plan

if TYPE_CHECKING:
    from tests.cli.conftest import Caller


@pytest.fixture
def plan_file(tmp_path: Path) -> str:
    (tmp_path / "plan.json").write_text(json.dumps(plan(on=True, off=False)), encoding="utf-8")
    return "plan.json"


def rows(data: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Framework to row to status."""
    return {
        one["id"]: {row["id"]: row["status"] for row in one["rows"]}
        for one in data.get("frameworks", [])
    }


def judged(call: Caller, *arguments: str) -> tuple[int, dict[str, Any]]:
    ended = call(*arguments, "--format", "json")
    return ended.code, json.loads(ended.out)


def test_rows_are_added_and_nothing_else_changes(call: Caller, plan_file: str) -> None:
    code, plain = judged(call, "check", plan_file)
    again, data = judged(
        call, "check", plan_file, "--framework", "pci_dss", "--framework", "cis_aws"
    )
    assert (code, again) == (1, 1)
    found = rows(data)
    assert list(found) == ["pci_dss", "cis_aws"]
    assert (found["pci_dss"]["3.7.4"], found["cis_aws"]["3.6"]) == ("failed", "failed")
    assert found["cis_aws"]["1.1"] == "not looked at"
    assert rows(plain) == {}
    for key in ("decision", "blockers", "findings", "controls", "counts"):
        assert data[key] == plain[key]


def test_text_names_what_nothing_speaks_for_with_the_reason(call: Caller, plan_file: str) -> None:
    shown = call("check", plan_file, "--framework", "pci-dss").out
    assert "PCI DSS 4.0.1: " in shown
    assert "  not covered yet, no control is about it: 1.2.8, 1.4.1" in shown
    assert "  out of scope, devices that read cards: 9.5.1, " in shown
    assert "complian" not in shown.lower()


def test_text_shows_them_and_the_decision_stays_the_last_line(call: Caller, plan_file: str) -> None:
    shown = call("check", plan_file, "--framework", "security_hub").out
    assert "AWS Security Hub CSPM 2026-11: 1 failed, " in shown
    assert "kms-key-rotation: 1 failed, 1 passed (plan)" in shown
    assert shown.strip().splitlines()[-1].startswith("blocked: ")


def test_a_baseline_says_what_runs_and_a_framework_does_not(
    call: Caller, plan_file: str, tmp_path: Path
) -> None:
    (tmp_path / "small.toml").write_text('controls = ["kms-key-alias"]\n', encoding="utf-8")
    _, data = judged(call, "check", plan_file, "--baseline", "small.toml", "--framework", "pci_dss")
    assert [control["id"] for control in data["controls"]] == ["kms-key-alias"]
    assert {*rows(data)["pci_dss"].values()} == {"not looked at", "out of scope"}


def test_settings_name_frameworks_and_a_call_names_others(
    call: Caller, plan_file: str, tmp_path: Path
) -> None:
    (tmp_path / "revet.toml").write_text('frameworks = ["nist_800_53"]\n', encoding="utf-8")
    assert list(rows(judged(call, "check", plan_file)[1])) == ["nist_800_53"]
    _, data = judged(call, "check", plan_file, "--framework", "pci_dss")
    assert list(rows(data)) == ["pci_dss"]


def test_an_earlier_verdict_is_shown_by_a_framework(
    call: Caller, plan_file: str, tmp_path: Path
) -> None:
    written = call("check", plan_file, "--framework", "cis_aws", "--format", "json")
    (tmp_path / "verdict.json").write_text(written.out, encoding="utf-8")
    code, data = judged(call, "report", "verdict.json")
    assert (code, list(rows(data))) == (0, ["cis_aws"])
    code, data = judged(call, "report", "verdict.json", "--framework", "pci_dss")
    assert (code, list(rows(data))) == (0, ["cis_aws", "pci_dss"])
    assert rows(data)["pci_dss"]["3.7.4"] == "failed"


def test_rows_that_do_not_follow_from_the_findings_are_refused(
    call: Caller, plan_file: str, tmp_path: Path
) -> None:
    from revet.model.verdict import digest_of  # noqa: PLC0415 - only here

    _, data = judged(call, "check", plan_file, "--framework", "cis_aws")
    [row] = [row for row in data["frameworks"][0]["rows"] if row["id"] == "3.6"]
    row["status"] = "supported"
    data["digest"] = digest_of(data)
    (tmp_path / "verdict.json").write_text(json.dumps(data), encoding="utf-8")
    ended = call("report", "verdict.json")
    assert ended.code == 2
    assert "a verdict contradicts itself" in ended.err


@pytest.mark.parametrize("command", ["check", "verify", "audit", "report", "rehearse", "deploy"])
def test_help_says_that_it_decides_nothing(call: Caller, command: str) -> None:
    shown = " ".join(call(command, "--help").out.replace("│", " ").split())
    assert "--framework" in shown
    assert "It changes neither which controls run nor the decision" in shown
