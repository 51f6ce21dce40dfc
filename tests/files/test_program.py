"""Programs are found on `PATH`, and never in the folder that revet is called in."""

from __future__ import annotations

from pathlib import Path

import pytest

from revet.files import find_program


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in (tmp_path, tmp_path / "bin"):
        folder.mkdir(exist_ok=True)
        (folder / "tool").write_text("#!/bin/sh\n")
        (folder / "tool").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("entries", ["", ":", ".", "./", "bin", ":bin:", "../{name}", "./bin:."])
def test_relative_entries_are_passed_over(planted: Path, entries: str) -> None:
    assert find_program("tool", {"PATH": entries.format(name=planted.name)}) is None


def test_absolute_entries_are_looked_at_in_their_order(planted: Path) -> None:
    (planted / "first").mkdir()
    assert find_program("tool", {"PATH": f".:{planted}/first:{planted}/bin:{planted}"}) == (
        planted / "bin" / "tool"
    )


def test_what_cannot_be_executed_is_no_program(planted: Path) -> None:
    (planted / "bin" / "tool").chmod(0o644)
    assert find_program("tool", {"PATH": str(planted / "bin")}) is None
    assert find_program("tool", {}) is None
