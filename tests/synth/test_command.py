"""What the words of a program mean, and what is said of words that mean nothing."""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from revet.model.errors import UsageError
from revet.synth.command import Kind, resolve_command

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "commands.toml").read_text("utf-8")
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("app.py", "my app.py", "sub/app.py", "pay/__main__.py", "program", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "empty").mkdir()
    build = tmp_path / "build"
    build.touch(mode=0o755)
    return tmp_path


def known() -> dict[str, str]:
    return {
        "python": sys.executable,
        "sh": str(shutil.which("sh")),
        "env": str(shutil.which("env")),
    }


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: " ".join(case["words"]))
def test_what_words_mean(case: dict[str, Any], root: Path) -> None:
    words = [word.format(**known()) for word in case["words"]]
    command = resolve_command(words, root)
    assert command.shown == case["shown"].format(root=root, **known())
    is_python = command.shown.startswith(("python ", str(root / "app.py"), f"'{root}"))
    assert (command.kind is not Kind.OTHER) == is_python
    assert command.directory == root


@pytest.mark.parametrize("case", CASES["wrong"], ids=lambda case: " ".join(case["words"]))
def test_words_that_mean_nothing(case: dict[str, Any], root: Path) -> None:
    with pytest.raises(UsageError) as caught:
        resolve_command(case["words"], root)
    assert case.get("what", "") in caught.value.what
    assert case.get("do", "") in caught.value.do
    assert caught.value.exit_code == 3


def test_programs_in_the_folder_are_not_found_by_name(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    for path in ("", ".", "sub:."):
        with pytest.raises(UsageError, match="cannot be started"):
            resolve_command(["build"], root, {"PATH": path})
