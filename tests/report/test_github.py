from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.report.poison import poisoned

from revet.model.finding import Finding, Origin, Severity, SourceLine, Status
from revet.model.verdict import Provenance, Verdict
from revet.report import render_github
from revet.report.github import MOST

COMMAND = re.compile(
    r"::(error|warning|notice) (?:file=([^,:]*),line=(\d+),)?title=([^,:\n]*)::([^\n]*)"
)


def read(verdict: Verdict) -> list[tuple[str | None, ...]]:
    lines = render_github(verdict).splitlines()
    found = [COMMAND.fullmatch(line) for line in lines]
    assert all(found), lines
    return [match.groups() for match in found if match]


def one(status: Status, **more: SourceLine | Origin | str) -> Finding:
    base = Finding("s3-bucket-versioning", "aws_s3_bucket.a", status, Severity.HIGH)
    return replace(base, **more)  # type: ignore[arg-type]


def test_a_clean_verdict_is_one_notice() -> None:
    [line] = read(Verdict(Provenance("tap", "check"), (one(Status.PASS),)))
    assert line == ("notice", None, None, "allowed%3A tap at check", "1 passed")


def test_what_blocks_is_an_error_at_its_line_and_the_rest_a_warning(verdict: Verdict) -> None:
    lines = read(replace(verdict, comparison=None))
    assert lines[0][0] == "error"
    assert lines[0][3] == "blocked%3A tap at rehearse"
    assert lines[1][:4] == (
        "error",
        "lib/tap_stack.py",
        "88",
        "rds-instance-private (fail%2C critical)",
    )
    assert lines[2][1:3] == ("lib/tap_stack.py", "88"), "a live check lies where the plan does"
    warnings = [line for line in lines if line[0] == "warning"]
    assert warnings[0][3] == "s3-bucket-lifecycle (fail%2C low%2C does not block)"


def test_problems_are_errors_and_known_failures_are_not(verdict: Verdict) -> None:
    problem = read(Verdict(Provenance("tap", "check"), problems=("the plan is empty",)))
    assert problem[1][0] == "error"
    assert problem[1][4] == "the plan is empty"
    lines = [line for line in read(verdict) if line[0] == "error"]
    asked = [str(line[4]) for line in lines if line[3] == "requirement"]
    assert asked[0] == "TAP-04 s3-bucket-versioning arn:aws:s3:::tap-data: unknown"
    errors = [line[3] for line in lines]
    assert not any("rds-instance-private" in str(title) for title in errors)
    assert any("regressed" in str(title) for title in errors)


def test_only_the_worst_are_shown_and_the_rest_is_counted() -> None:
    findings = tuple(one(Status.FAIL, address=f"a.b[{number}]") for number in range(30))
    verdict = Verdict(Provenance("tap", "check"), findings)
    lines = read(verdict)
    assert len(lines) == MOST
    assert str(lines[0][4]).endswith("; not shown here: 21 more errors")
    harmless = read(replace(verdict, fail_on=()))
    assert [line[0] for line in harmless] == ["notice", *["warning"] * MOST]
    assert str(harmless[0][4]).endswith("; not shown here: 20 more warnings")


@pytest.mark.parametrize(
    "text", ["::error::x", "a\n::warning::b", "a\r::stop-commands::x", "%0A::error::x", "a,b:c::d"]
)
def test_no_text_can_start_or_end_a_command(verdict: Verdict, text: str) -> None:
    lines = read(poisoned(verdict, text))
    assert len(lines) <= 2 * MOST
    finding = one(Status.FAIL, implemented=text, source=SourceLine(text, 3))
    [_, line] = read(Verdict(Provenance("tap", "check"), (finding,)))
    assert line[2] == "3"
