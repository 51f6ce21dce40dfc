"""The figures of `scripts/compare_findings.py`, on a folder made for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scripts.compare_findings import compare, main, row

from revet.iam.validate import validate_policy

WIDE = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject"], "Resource": "*"}]}"""
CLEAN = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"""


def folder_of(path: Path, policies: dict[str, tuple[str, list[dict[str, Any]]]]) -> Path:
    for name in ("policies", "findings"):
        (path / name).mkdir()
    for name, (policy, findings) in policies.items():
        (path / "policies" / f"{name}.json").write_text(policy, encoding="utf-8")
        if findings:
            text = json.dumps(findings)
            (path / "findings" / f"{name}.json").write_text(text, encoding="utf-8")
    return path


def ours(policy: str) -> list[dict[str, Any]]:
    return [one.as_dict() for one in validate_policy(policy, "identity")]


def test_a_finding_counts_when_code_and_places_are_the_same(tmp_path: Path) -> None:
    moved = [{**one, "locations": one["locations"][:1]} for one in ours(WIDE)]
    folder = folder_of(
        tmp_path, {"Same": (WIDE, ours(WIDE)), "Moved": (WIDE, moved), "Clean": (CLEAN, [])}
    )
    whole = row(compare(folder))
    assert (whole.theirs, whole.ours, whole.right) == (2, 2, 1)
    assert (whole.precision, whole.recall) == (0.5, 0.5)


def test_a_share_of_nothing_is_none(tmp_path: Path) -> None:
    whole = row(compare(folder_of(tmp_path, {"Clean": (CLEAN, [])})))
    assert (whole.precision, whole.recall) == (None, None)


def test_the_table_and_the_differences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folder_of(tmp_path, {"Found": (WIDE, ours(WIDE)), "Extra": (WIDE, [])})
    assert main([str(folder), "--differences"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 policies"
    (found,) = (line.split() for line in lines if line.startswith("  REDUNDANT_ACTION"))
    assert found[:6] == ["REDUNDANT_ACTION", "1", "2", "1", "50%", "100%"]
    assert lines[-1].startswith("only ours: REDUNDANT_ACTION on Extra at Statement/0/Action/0")


def test_a_folder_without_policies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 3
    assert "policies" in capsys.readouterr().err
