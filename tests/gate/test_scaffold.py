"""A new control begins with two files, and does not pass for one until it is filled in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest
from tests.gate.case_file import load_cases

from revet.gate.catalog import load_catalog
from revet.gate.scaffold import new_control, write_control
from revet.model.errors import ArgumentError, CatalogError, ConfigError, UsageError


def make(root: Path, name: str = "sqs/queue-encryption") -> tuple[Path, ...]:
    return write_control(new_control(name, controls="controls", cases="cases"), root)


def test_says_which_files() -> None:
    assert sorted(new_control("sqs/queue-encryption", controls="c/controls", cases="t/cases")) == [
        PurePosixPath("c/controls/sqs/__init__.py"),
        PurePosixPath("c/controls/sqs/queue_encryption.py"),
        PurePosixPath("t/cases/sqs/queue_encryption.toml"),
    ]


def test_writes_them_once(tmp_path: Path) -> None:
    written = make(tmp_path)
    assert [path.is_file() for path in written] == [True] * 3
    with pytest.raises(UsageError, match="exists already"):
        make(tmp_path)
    assert [path.name for path in make(tmp_path, "sqs/queue_policy")] == [
        "queue_policy.py",
        "queue_policy.toml",
    ]


def test_nothing_is_written_when_one_is_there(tmp_path: Path) -> None:
    case = tmp_path / "cases/sqs/queue_encryption.toml"
    case.parent.mkdir(parents=True)
    case.write_text("mine")
    with pytest.raises(UsageError):
        make(tmp_path)
    assert case.read_text() == "mine"
    assert not (tmp_path / "controls").exists()


def test_what_is_written_is_no_control_yet(tmp_path: Path) -> None:
    make(tmp_path)
    with pytest.raises(CatalogError, match="breaks the rules") as caught:
        load_catalog(tmp_path / "controls")
    assert caught.value.got == "an empty `title`"


def test_its_cases_are_no_cases_yet(tmp_path: Path) -> None:
    make(tmp_path)
    with pytest.raises(ConfigError, match="missing"):
        load_cases(tmp_path / "cases/sqs/queue_encryption.toml")


def test_filled_in_it_is_a_control_with_cases(tmp_path: Path) -> None:
    _, control, cases = make(tmp_path)
    text = control.read_text().replace("RESOURCE", "aws_sqs_queue")
    for field in ("title", "required", "impact", "fix"):
        text = text.replace(f'{field}=""', f'{field}="words"')
    control.write_text(text.replace("ARGUMENT", "sqs_managed_sse_enabled"))
    lines = cases.read_text().replace("case = []", "").splitlines()[2:]
    text = "\n".join(line.removeprefix("# ") for line in lines)
    names = iter(("one", "two"))
    while "what is special about it" in text:
        text = text.replace("what is special about it", next(names), 1)
    text = text.replace("RESOURCE", "aws_sqs_queue").replace("ARGUMENT", "sqs_managed_sse_enabled")
    cases.write_text(text)
    assert "sqs-queue-encryption" in load_catalog(tmp_path / "controls")
    assert load_cases(cases).lacking == ()


def test_is_formatted_and_linted(tmp_path: Path) -> None:
    _, control, _ = make(tmp_path)
    root = Path(__file__).parents[2]
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--config", str(root / "pyproject.toml"), "--no-cache", str(control)]
    subprocess.run([*ruff, "format", "--check", "--quiet", *options], check=True)
    subprocess.run([*ruff, "check", "--quiet", "--ignore=INP001", *options], check=True)


@pytest.mark.parametrize("name", ["", "sqs", "SQS/Queue", "sqs/a/b", "../x/y", "sqs/", "sqs/1x"])
def test_refuses_another_form(name: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        new_control(name, controls="controls", cases="cases")
    assert caught.value.got == f"`{name}`"
