from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from revet.model.finding import Finding, Severity, Status
from revet.model.verdict import Provenance, Verdict
from revet.report import render_text


def _finding(address: str, status: Status, severity: Severity = Severity.HIGH) -> Finding:
    return Finding("s3-bucket-versioning", address, status, severity, implemented="`x`")


def test_a_clean_verdict_is_one_line() -> None:
    clean = Verdict(Provenance("tap", "check"), (_finding("aws_s3_bucket.a", Status.PASS),))
    assert render_text(clean) == "allowed: tap at check: 1 passed\n"


def test_counts_of_each_severity_come_first(verdict: Verdict) -> None:
    assert render_text(verdict).split("\n\n")[0].splitlines()[:3] == [
        "6 failed: 2 critical, 1 high, 3 low",
        "3 unknown: 3 high",
        "1 waived: 1 medium",
    ]


def test_what_fails_stands_by_control_worst_first_and_then_what_is_not_known(
    verdict: Verdict,
) -> None:
    heads = [part.split(" at ")[0] for part in render_text(verdict).split("\n\n")[1:9]]
    found = [head for head in heads if re.match("FAIL|UNKNOWN|WAIVED", head)]
    assert [head.split("\n")[0].split(" (")[0] for head in found] == [
        "FAIL rds-instance-private",
        "FAIL s3-bucket-versioning",
        "FAIL s3-bucket-lifecycle",
        "UNKNOWN not known: known after apply, made of `local.name`\n".strip(),
        found[4].split("\n")[0].split(" (")[0],
        "WAIVED logs-group-encrypted",
    ]
    assert found[4].startswith("UNKNOWN `<img")


def test_order_of_findings_does_not_matter(verdict: Verdict) -> None:
    shuffled = list(verdict.findings)
    random.Random(7).shuffle(shuffled)  # noqa: S311 - a fixed order, no secret
    one, other = render_text(replace(verdict, findings=tuple(shuffled))), render_text(verdict)
    assert one.splitlines()[:-1] == other.splitlines()[:-1], "the last names the first blocker"


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_prose_keeps_to_the_width(verdict: Verdict, width: int) -> None:
    for line in render_text(verdict, width=width).splitlines():
        if re.match(r"  (required|impact|resolve) ", line):
            assert len(line) <= width or " " not in line[15:].strip()


def test_colour_changes_nothing_but_the_escape_sequences(verdict: Verdict) -> None:
    painted = render_text(verdict, color=True)
    assert "\x1b[31mFAIL\x1b[0m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == render_text(verdict)


def test_no_name_can_break_a_line_or_steer_the_terminal() -> None:
    hostile = 'aws_s3_bucket.a["\x1b[2J\r\nallowed: all is well\u202e\x9b"]'
    bad = replace(_finding(hostile, Status.FAIL), fix='a = "\x1b[1m"\nb = 1', required="\x07x")
    text = render_text(Verdict(Provenance("st\nack", "check"), (bad,)))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert not any(line.startswith("allowed") for line in text.splitlines())
    assert text.splitlines()[-1].startswith("blocked: ")


@pytest.mark.parametrize(
    ("problems", "status", "start"),
    [
        ((), Status.PASS, "allowed: "),
        ((), Status.FAIL, "blocked: "),
        ((), Status.UNKNOWN, "blocked: "),
        (("the plan is empty",), Status.FAIL, "undecided: "),
    ],
)
def test_last_line_is_the_decision_with_its_reason(
    problems: tuple[str, ...], status: Status, start: str
) -> None:
    verdict = Verdict(Provenance("tap", "check"), (_finding("a.b", status),), problems=problems)
    last = render_text(verdict).splitlines()[-1]
    assert last.startswith(start)
    if problems:
        assert "the plan is empty" in last


def test_a_failure_below_the_threshold_is_shown_and_said_not_to_block() -> None:
    low = _finding("aws_s3_bucket.a", Status.FAIL, Severity.LOW)
    text = render_text(Verdict(Provenance("tap", "check"), (low,), fail_on=(Severity.HIGH,)))
    assert text.splitlines()[2].endswith("(does not block)")
    assert text.splitlines()[-1].startswith("allowed: ")


def test_emulated_evidence_is_called_emulated(verdict: Verdict) -> None:
    assert "L live (emulated and real)" in render_text(verdict)
    real = tuple(item for item in verdict.evidence if item.origin.value != "emulated")
    assert "L live (real)" in render_text(replace(verdict, evidence=real))


def test_plan_and_live_check_share_one_explanation(verdict: Verdict) -> None:
    text = render_text(verdict)
    assert text.count("FAIL rds-instance-private") == 1
    block = text[text.index("FAIL rds-instance-private") :].split("\n\n")[0]
    assert block.count("aws_db_instance.db: ") == 1
    assert "is `true`; `PubliclyAccessible` is `true` (emulated)" in block
    assert block.count("  fix ") == 1
