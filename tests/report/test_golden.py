from __future__ import annotations

from pathlib import Path

import pytest

from revet.model.finding import Origin, Status
from revet.model.requirement import Judged
from revet.model.verdict import Verdict
from revet.report import FORMATS

FILES = {"text": "verdict.txt", "json": "verdict.json", "html": "verdict.html"}


@pytest.mark.parametrize("name", list(FORMATS))
def test_format_renders_its_golden_file(name: str, verdict: Verdict, golden: Path) -> None:
    expected = (golden / FILES[name]).read_text(encoding="utf-8")
    assert FORMATS[name](verdict) == expected, "run scripts/update_golden_report.py, read the diff"


def test_the_fixed_verdict_shows_everything(verdict: Verdict) -> None:
    assert {finding.status for finding in verdict.findings} == set(Status)
    assert {cell.status for row in verdict.matrix for cell in row.cells} == set(Status)
    assert {item.origin for item in verdict.evidence} == set(Origin)
    assert {item.judged for item in verdict.evidence} == set(Judged)
    assert verdict.expired
    assert verdict.unused
