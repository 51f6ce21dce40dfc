"""Waivers cover what they name, until their day; nothing about them is silent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from revet.gate.waivers import check_known, load_waivers, waive
from revet.model.errors import ConfigError
from revet.model.finding import Finding, Severity, Status
from revet.model.verdict import Provenance, Verdict, Waiver

TODAY = dt.date(2026, 11, 22)
FINDING = Finding("s3-x", "aws_s3_bucket.a", Status.FAIL, Severity.HIGH)
WAIVER = Waiver("s3-x", "aws_s3_bucket.a", "static site", "ann", dt.date(2026, 12, 31))
TABLE = """
[[waiver]]
control = "s3-x"
address = "aws_s3_bucket.a"
reason = "static site"
owner = "ann"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "waivers.toml"
    path.write_text(text)
    return path


def test_a_waiver_covers_its_finding_and_says_why() -> None:
    result = waive([FINDING], [WAIVER], TODAY)
    [finding] = result.findings
    assert finding.status is Status.WAIVED
    assert finding.waiver == "static site (ann, until 2026-12-31)"
    assert result.expired == result.unused == ()


def test_an_unknown_can_be_waived_and_a_pass_cannot() -> None:
    [finding] = waive([replace(FINDING, status=Status.UNKNOWN)], [WAIVER], TODAY).findings
    assert finding.status is Status.WAIVED
    result = waive([replace(FINDING, status=Status.PASS)], [WAIVER], TODAY)
    assert result.findings[0].status is Status.PASS
    assert result.unused == (WAIVER,)


@pytest.mark.parametrize(
    ("waiver", "status"),
    [
        (replace(WAIVER, address="*"), Status.WAIVED),
        (replace(WAIVER, expires=TODAY), Status.WAIVED),
        (replace(WAIVER, fingerprint=FINDING.fingerprint), Status.WAIVED),
        (replace(WAIVER, address="aws_s3_bucket.b"), Status.FAIL),
        (replace(WAIVER, address="aws_s3_bucket"), Status.FAIL),
        (replace(WAIVER, control="s3-y"), Status.FAIL),
        (replace(WAIVER, fingerprint="0" * 16), Status.FAIL),
        (replace(WAIVER, expires=TODAY - dt.timedelta(days=1)), Status.FAIL),
        (replace(WAIVER, flaw="no date"), Status.FAIL),
    ],
)
def test_covers(waiver: Waiver, status: Status) -> None:
    assert waive([FINDING], [waiver], TODAY).findings[0].status is status


def test_expired_and_unused_are_told_apart() -> None:
    old = replace(WAIVER, expires=TODAY - dt.timedelta(days=1))
    other = replace(WAIVER, address="aws_s3_bucket.b")
    result = waive([FINDING], [old, other, WAIVER], TODAY)
    assert result.expired == (old,)
    assert result.unused == (other,)


def test_two_that_cover_one_finding_are_both_used() -> None:
    assert waive([FINDING], [WAIVER, replace(WAIVER, address="*")], TODAY).unused == ()


def test_reads_all_fields(tmp_path: Path) -> None:
    text = (
        TABLE + 'expires = 2026-12-31\napprover = "bob"\nticket = "T-1"\nfingerprint = "0123"\n'
        + TABLE + 'expires = "2026-12-31"\n'
    )  # fmt: skip
    first, second = load_waivers(write(tmp_path, text))
    assert first == replace(WAIVER, approver="bob", ticket="T-1", fingerprint="0123")
    assert second == WAIVER


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        ("", "`expires` is missing"),
        ('expires = "soon"', "`expires = soon` is not a date"),
        ('expires = "2026-02-30"', "is not a date"),
        ("expires = 2026-12-31T00:00:00Z", "is not a date"),
        ("expires = 20261231", "is not a date"),
    ],
)
def test_a_bad_date_counts_as_expired_and_the_others_hold(
    tmp_path: Path, line: str, flaw: str
) -> None:
    text = f"{TABLE}{line}\n{TABLE}expires = 2026-12-31\n"
    waivers = load_waivers(write(tmp_path, text))
    assert flaw in waivers[0].flaw
    result = waive([FINDING], waivers, TODAY)
    assert result.expired == (waivers[0],)
    assert result.findings[0].status is Status.WAIVED


def test_a_flaw_survives_the_verdict_as_json() -> None:
    flawed = replace(WAIVER, flaw="no date", expires=dt.date.min)
    verdict = Verdict(Provenance("s", "check"), expired=(flawed,))
    assert Verdict.from_dict(verdict.as_dict()) == verdict


@pytest.mark.parametrize(
    ("text", "got"),
    [
        (TABLE.replace('owner = "ann"', ""), "no `owner`"),
        (TABLE.replace('"static site"', '""'), "no `reason`"),
        (TABLE + 'expire = "2026-12-31"\n', "`expire = '2026-12-31'`"),
        (TABLE + "ticket = 7\n", "`ticket = 7`"),
        ("[waiver]\nx = 1\n", "`waiver = {'x': 1}`"),
        ("waiver = [1]\n", "`1`"),
        ("[[waivers]]\nx = 1\n", "`waivers = [{'x': 1}]`"),
        ("[[waiver]", "Expected"),
    ],
)
def test_refuses_a_wrong_file(tmp_path: Path, text: str, got: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_waivers(path)
    assert got in caught.value.got
    assert str(path) in caught.value.where


def test_refuses_a_control_that_does_not_exist() -> None:
    check_known([WAIVER], ["s3-x"])
    with pytest.raises(ConfigError, match="does not exist") as caught:
        check_known([WAIVER], ["s3-y"])
    assert caught.value.got == "`s3-x`"
