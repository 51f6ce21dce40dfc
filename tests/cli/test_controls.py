from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from revet.gate.catalog import load_catalog

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Caller

CONTROL = "s3-bucket-versioning"


def test_list_has_every_control_one_a_line(call: Caller) -> None:
    ended = call("controls", "list")
    assert (ended.code, ended.err) == (0, "")
    assert [line.split()[0] for line in ended.out.splitlines()] == list(load_catalog())
    data = json.loads(call("controls", "list", "--format", "json").out)
    assert [item["id"] for item in data["controls"]] == list(load_catalog())


def test_list_of_one_service(call: Caller) -> None:
    names = [line.split()[0] for line in call("controls", "list", "s3").out.splitlines()]
    assert names == [name for name in load_catalog() if name.startswith("s3-")]


def test_show_says_all_that_a_control_says(call: Caller) -> None:
    meta = load_catalog()[CONTROL].meta
    ended = call("controls", "show", CONTROL)
    assert ended.code == 0
    assert ended.out.splitlines()[0] == f"{CONTROL}  {meta.severity.value}"
    for text in (meta.title, meta.required, meta.impact, *meta.fix.strip().splitlines()):
        assert text in ended.out
    data = json.loads(call("controls", "show", CONTROL, "--format", "json").out)
    assert data["id"] == CONTROL
    assert data["severity"] == meta.severity.value


def test_show_has_frameworks_and_what_judges_by_it(call: Caller) -> None:
    ended = call("controls", "show", CONTROL)
    commands = "revet check, revet verify, revet audit"
    for text in ("PCI DSS 4.0.1: 10.3.4", commands, f"docs/controls/{CONTROL}.md"):
        assert text in ended.out
    data = json.loads(call("controls", "show", CONTROL, "--format", "json").out)
    assert data["judged_by"] == ["check", "verify", "audit"]
    assert {"id": "pci_dss", "version": "4.0.1", "ids": ["10.3.4"]} in data["frameworks"]


@pytest.mark.parametrize(
    ("control", "commands"),
    [("terraform-state-backend", ["check"]), ("terraform-outputs", ["check", "verify"])],
)
def test_show_says_what_does_not_judge_by_it(
    call: Caller, control: str, commands: list[str]
) -> None:
    shown = ", ".join(f"revet {name}" for name in commands)
    assert f"judged by   {shown}\n" in call("controls", "show", control).out
    data = json.loads(call("controls", "show", control, "--format", "json").out)
    assert data["judged_by"] == commands


def test_new_writes_a_control_and_its_cases_once(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "src" / "revet" / "gate" / "controls").mkdir(parents=True)
    ended = call("controls", "new", "sqs/queue_encryption")
    assert ended.code == 0
    for path in (
        "src/revet/gate/controls/sqs/queue_encryption.py",
        "tests/gate/cases/sqs/queue_encryption.toml",
    ):
        assert (tmp_path / path).is_file()
        assert f"written: {path}" in ended.out
    again = call("controls", "new", "sqs/queue_encryption")
    assert again.code == 3
    assert "exists already" in again.err


def test_new_needs_a_clone_and_a_name(call: Caller, tmp_path: Path) -> None:
    ended = call("controls", "new", "sqs/queue_encryption")
    assert ended.code == 3
    assert "a clone of revet" in ended.err
    (tmp_path / "src" / "revet" / "gate" / "controls").mkdir(parents=True)
    ended = call("controls", "new", "../queue")
    assert ended.code == 3
    assert "not a name for a control" in ended.err
