"""Which verdict `revet report STACK` shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from revet.cli.options import TargetName
from revet.cli.report import latest

AGES = {"embedded": 4, "rehearsal": 3, "aws": 2, "check": 1}


@pytest.mark.parametrize(
    ("target", "newest"),
    [
        (None, "check"),
        (TargetName.EMBEDDED, "rehearsal"),
        (TargetName.AWS, "aws"),
    ],
)
def test_the_newest_of_the_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: TargetName | None, newest: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for place, age in AGES.items():
        verdict = tmp_path / ".revet" / "tap" / place / "verdict.json"
        verdict.parent.mkdir(parents=True)
        verdict.touch()
        os.utime(verdict, (1_000_000 - age, 1_000_000 - age))
    assert latest("tap", target).parent.name == newest
