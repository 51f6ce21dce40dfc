"""`revet check --source`: which folder is read, and what is said of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Protocol

import pytest

from revet.plan.source import parsing


class Caller(Protocol):
    """The fixture `call`."""

    def __call__(self, *arguments: str, stdin: bytes | None = None) -> Ended: ...


class Ended(Protocol):
    """How a call ended."""

    code: int
    err: str
    all: str


STACKS = Path(__file__).parents[1] / "plan" / "source" / "stacks"


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    shutil.copytree(STACKS / "locals", tmp_path / "stack")
    return tmp_path / "stack"


def verdict(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def unknown(of: dict[str, Any]) -> int:
    return sum(item["status"] == "unknown" for item in of["findings"])


def test_the_folder_of_the_plan_is_read_by_default(call: Caller, stack: Path) -> None:
    assert call("check", "stack/plan.json", "--format", "json", "-o", "v.json").code == 1
    found = verdict(Path("v.json"))
    assert unknown(found) == 0
    assert "by stack/main.tf:" in found["provenance"]["notes"]["sources"]
    bad = next(item for item in found["findings"] if item["address"] == "aws_iam_policy.bad_local")
    assert bad["source"]["file"] == "stack/main.tf"
    assert "`policy` by stack/main.tf:" in bad["implemented"]


def test_a_plan_elsewhere_is_judged_alone(call: Caller, stack: Path) -> None:
    shutil.copy(stack / "plan.json", "plan.json")
    call("check", "plan.json", "--format", "json", "-o", "v.json")
    assert unknown(verdict(Path("v.json"))) > 0
    assert "sources" not in verdict(Path("v.json"))["provenance"]["notes"]
    call("check", "plan.json", "--source", "stack", "--format", "json", "-o", "w.json")
    assert unknown(verdict(Path("w.json"))) == 0


def test_a_plan_from_stdin_takes_a_folder_too(call: Caller, stack: Path) -> None:
    given = (stack / "plan.json").read_bytes()
    call("check", "-", "--format", "json", "-o", "v.json", stdin=given)
    call("check", "-", "--source", "stack", "--format", "json", "-o", "w.json", stdin=given)
    assert unknown(verdict(Path("v.json"))) > 0
    assert unknown(verdict(Path("w.json"))) == 0


def test_files_of_something_else_are_ignored_and_said(call: Caller, stack: Path) -> None:
    shutil.copy(stack / "plan.json", "plan.json")
    Path("main.tf").write_text('resource "aws_sns_topic" "t" {}\n')
    ended = call("check", "plan.json")
    assert ended.code == 1
    assert "sources ignored: the root module: main.tf:1: the plan has no resource" in ended.all


@pytest.mark.parametrize(("given", "got"), [("none", "`none`"), ("a.txt", "`a.txt`, a file")])
def test_a_folder_that_is_none_is_a_wrong_call(
    given: str, got: str, call: Caller, stack: Path
) -> None:
    Path("a.txt").touch()
    ended = call("check", "stack/plan.json", "--source", given)
    assert ended.code == 3
    assert got in ended.err
    assert "--source" in ended.err


def test_a_stack_by_name_takes_no_folder(call: Caller, stack: Path) -> None:
    ended = call("check", "tap", "--source", "stack")
    assert ended.code == 3
    assert "`--source` requires a plan file" in ended.err


def test_without_the_parser_the_default_folder_is_not_read_and_it_is_said(
    call: Caller, stack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "PACKAGES", ("a_parser_that_nobody_has",))
    call("check", "stack/plan.json", "--format", "json", "-o", "v.json")
    found = verdict(Path("v.json"))
    assert unknown(found) > 0
    assert "pip install 'revet[sources]'" in found["provenance"]["notes"]["sources"]


def test_without_the_parser_a_named_folder_is_a_missing_prerequisite(
    call: Caller, stack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "PACKAGES", ("a_parser_that_nobody_has",))
    ended = call("check", "stack/plan.json", "--source", "stack")
    assert ended.code == 3
    assert "pip install 'revet[sources]'" in ended.err
