from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.report.poison import poisoned

from revet.model.account_read import Reach
from revet.model.finding import Change, Origin, Status
from revet.model.framework import RowStatus, framework_results
from revet.model.requirement import Judged
from revet.model.verdict import Verdict
from revet.report import FORMATS

FILES = {
    "text": "verdict.txt",
    "json": "verdict.json",
    "html": "verdict.html",
    "sarif": "verdict.sarif",
    "junit": "verdict.xml",
    "markdown": "verdict.md",
    "github": "verdict.github.txt",
    "oscal": "verdict.oscal.json",
}


@pytest.mark.parametrize("name", list(FORMATS))
def test_format_renders_its_golden_file(name: str, verdict: Verdict, golden: Path) -> None:
    expected = (golden / FILES[name]).read_text(encoding="utf-8")
    assert FORMATS[name](verdict) == expected, "run scripts/update_golden_report.py, read the diff"


@pytest.mark.parametrize("name", list(FORMATS))
def test_format_renders_the_golden_file_of_an_audit(
    name: str, audit: Verdict, golden: Path
) -> None:
    expected = (golden / FILES[name].replace("verdict", "audit")).read_text(encoding="utf-8")
    assert FORMATS[name](audit) == expected, "run scripts/update_golden_report.py, read the diff"


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_names_what_was_not_read(name: str, audit: Verdict) -> None:
    shown = FORMATS[name](audit)
    for read in audit.provenance.accounts:
        if read.reach is Reach.NOT_READ:
            assert read.role in shown
        if name != "github":
            assert read.account in shown
            assert read.reach is not Reach.SKIPPED or "SUSPENDED" in shown


def test_the_fixed_audit_shows_everything(audit: Verdict) -> None:
    assert {read.reach for read in audit.provenance.accounts} == set(Reach)
    assert audit.frameworks
    ids = [finding.fingerprint for finding in audit.findings]
    assert len(ids) == len(set(ids))


def test_the_fixed_verdict_shows_everything(verdict: Verdict) -> None:
    assert {finding.status for finding in verdict.findings} == set(Status)
    assert {cell.status for row in verdict.matrix for cell in row.cells} == set(Status)
    assert {item.origin for item in verdict.evidence} == set(Origin)
    assert {item.judged for item in verdict.evidence} == set(Judged)
    assert verdict.expired
    assert verdict.unused
    assert verdict.comparison
    assert {item.change for item in verdict.comparison.changes} == set(Change)
    assert verdict.comparison.notes
    [framework] = framework_results(verdict)
    assert {row.status for row in framework.rows} == set(RowStatus) - {RowStatus.UNKNOWN}


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "github"])
def test_every_format_shows_every_change_but_what_is_unchanged(name: str, verdict: Verdict) -> None:
    assert verdict.comparison
    shown = FORMATS[name](verdict)
    for item in verdict.comparison.changes:
        if item.change is not Change.UNCHANGED and "[" not in item.address:
            assert item.address in shown
    for word in ("regressed", "fixed", "gone", "the control does not run any more"):
        assert word in shown, word
    without = FORMATS[name](replace(verdict, comparison=None))
    assert "regressed" not in without


@pytest.mark.parametrize("name", list(FORMATS))
def test_the_same_verdict_gives_the_same_text(name: str, verdict: Verdict) -> None:
    assert FORMATS[name](verdict) == FORMATS[name](Verdict.from_dict(verdict.as_dict()))


@pytest.mark.parametrize("name", list(FORMATS))
@pytest.mark.parametrize("text", ["\ud800", "\x00\x1b[2J", "\ufffe", "\u202e", "]]>", "\u2067"])
def test_no_text_can_break_the_encoding_or_steer_a_terminal(
    name: str, text: str, verdict: Verdict
) -> None:
    shown = FORMATS[name](poisoned(verdict, text))
    assert shown.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2067\ufffe]", shown)
