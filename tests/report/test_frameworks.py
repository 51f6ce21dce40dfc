"""Every format for people shows each row of a framework; the others do not change."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markupsafe import escape

from revet.gate.frameworks import load_frameworks
from revet.model.finding import Status
from revet.model.framework import framework_results
from revet.model.verdict import Verdict
from revet.report import FORMATS
from revet.report.markdown import LONGEST

FOR_PEOPLE = ("text", "markdown", "html")
UNCHANGED = ("sarif", "junit", "github")


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_every_row_is_shown_after_the_counts(name: str, verdict: Verdict) -> None:
    shown = FORMATS[name](verdict)
    [item] = framework_results(verdict)
    counts = (
        "1 failed, 2 not exercised, 1 waived, 1 supported, 2 not looked at, 1 out of scope, of 8"
    )
    start = shown.index(counts)
    for row in item.rows:
        assert row.row.id in shown[start:]
    assert "every control of ours about a row ran and passed" in shown[start:]


@pytest.mark.parametrize("name", UNCHANGED)
def test_formats_for_machines_do_not_change(name: str, verdict: Verdict) -> None:
    assert FORMATS[name](verdict) == FORMATS[name](replace(verdict, frameworks=()))


@pytest.mark.parametrize("name", FORMATS)
def test_without_frameworks_nothing_is_said_of_any(name: str, verdict: Verdict) -> None:
    shown = FORMATS[name](replace(verdict, frameworks=()))
    assert "of 8" not in shown
    assert "made up for the tests" not in shown


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_no_format_says_compliant_of_a_row(name: str, verdict: Verdict) -> None:
    shown = FORMATS[name](replace(verdict, findings=(), frameworks=load_frameworks()))
    words = shown.lower().replace("nothing here says that anything is compliant", "")
    assert "compliant" not in words


def test_all_frameworks_fit_into_a_comment_and_what_is_cut_is_counted(verdict: Verdict) -> None:
    shown = FORMATS["markdown"](replace(verdict, frameworks=load_frameworks()))
    assert len(shown) <= LONGEST
    for framework in load_frameworks():
        assert framework.title in shown
    assert "more lines of rows" in shown


def test_findings_come_before_rows_where_there_is_no_room_for_both(verdict: Verdict) -> None:
    many = tuple(
        replace(finding, address=f"{finding.address}.{number}")
        for finding in verdict.findings
        for number in range(400)
    )
    full = replace(verdict, findings=many, frameworks=load_frameworks())
    shown = FORMATS["markdown"](full)
    assert len(shown) <= LONGEST
    assert len(FORMATS["markdown"](replace(full, frameworks=()))) <= len(shown) + 10
    for framework in load_frameworks():
        assert framework.title in shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("text", "2.1  unknown "),
        ("markdown", "| `2.1` | ❓ unknown |"),
        ("html", ">unknown</span>"),
    ],
)
def test_rows_of_an_undecided_verdict_are_unknown(name: str, shown: str, verdict: Verdict) -> None:
    assert shown in FORMATS[name](replace(verdict, problems=("a rule crashed",)))


def sections(verdict: Verdict) -> list[str]:
    """The pages of an assessor in the HTML report."""
    parts = FORMATS["html"](verdict).split('<section aria-labelledby="framework-')[1:]
    return [part.partition("</section>")[0] for part in parts]


def test_an_assessor_reads_what_was_looked_at_and_that_nothing_is_certified(
    verdict: Verdict,
) -> None:
    [page] = sections(verdict)
    found = verdict.provenance
    known = [found.stack, found.account, found.region, found.plan_hash, found.time]
    for text in (*known, *found.versions.values(), "This page certifies nothing."):
        assert text in page
    assert "people: who &lt;b&gt;decides&lt;/b&gt; and learns" in page
    assert sections(replace(verdict, frameworks=())) == []


def test_counts_lead_to_findings_that_are_on_the_page(verdict: Verdict) -> None:
    shown = FORMATS["html"](verdict)
    [page] = sections(verdict)
    links = re.findall(r'<a href="#([^"]+)">(\d+ [a-z]+)</a> \((\w+)\)', page)
    assert {(text, origin) for _, text, origin in links} >= {
        ("1 failed", "plan"), ("1 failed", "emulated"), ("1 waived", "plan"), ("2 passed", "plan"),
    }  # fmt: skip
    for place, _, _ in links:
        assert shown.count(f'id="{place}"') == 1


def test_an_assessor_reads_every_waiver_with_its_reason(verdict: Verdict) -> None:
    [page] = sections(verdict)
    [item] = framework_results(verdict)
    waivers = [one for one in verdict.findings if one.status is Status.WAIVED]
    about = [one for one in waivers if one.control in item.framework.controls]
    assert about
    for one in about:
        assert str(escape(one.waiver)) in page


def test_each_framework_has_a_page(verdict: Verdict) -> None:
    pages = sections(replace(verdict, frameworks=load_frameworks()))
    assert len(pages) == len(load_frameworks())
    for page, one in zip(pages, load_frameworks(), strict=True):
        assert page.count("data-row-status") == len(one.rows)
