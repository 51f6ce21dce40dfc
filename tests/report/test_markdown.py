from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from tests.report.poison import poisoned

from revet.model.finding import Finding, Severity, Status
from revet.model.requirement import Judged, Requirement
from revet.model.verdict import Provenance, Verdict
from revet.report import render_markdown
from revet.report.markdown import LONGEST
from revet.report.prose import cell, code, fenced, inline

OURS = {
    *("h2", "h3", "p", "ul", "li", "strong", "code", "pre", "sub", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</summary></details><h1>all is well</h1>",
    "[here](https://example.com) ![i](https://example.com/i.png) <https://example.com>",
    "@org/team fixes #12 https://example.com www.example.com",
    "a | b\n\n# allowed\n\n- [x] done\n---\n> quoted",
    "```\n</details>\n# out\n~~~~\n````",
    "`` ` `` unbalanced ` and *bold* __bold__ ~~gone~~ &lt;b&gt;",
    "\\` \\| \\",
    "`|` and `a|b` and `\\|`",
    "",
    " ",
)


class Page(HTMLParser):
    """Names the elements and collects what stands outside of code."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.cells: list[int] = []
        self.prose: list[str] = []
        reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        self.feed(reader.render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.append(tag)
        self.open.append(tag)
        if tag == "tr":
            self.cells.append(0)
        if tag in ("td", "th"):
            self.cells[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "code" not in self.open:
            self.prose.append(data)


def test_what_is_ours_is_read_as_it_is_meant(verdict: Verdict) -> None:
    page = Page(render_markdown(verdict))
    assert set(page.tags) <= OURS
    assert page.tags.count("details") == 6, "one for each control that fails or is waived, or cause"
    assert page.tags.count("table") == 4
    assert set(page.cells) == {4, 7}
    assert page.open == []


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(verdict: Verdict, text: str) -> None:
    bad = poisoned(verdict, text)
    page = Page(render_markdown(bad))
    assert set(page.tags) <= OURS
    assert page.open == []
    assert page.tags.count("h2") == 1
    assert set(page.cells) == {4, 7, 10}
    prose = "".join(page.prose)
    assert "@org" not in prose, "a mention would tell somebody"
    assert "#12" not in prose


@pytest.mark.parametrize("text", [*HOSTILE, "a`b", "`", "``", " x ", "`x`"])
def test_code_shows_exactly_its_text(text: str) -> None:
    line = text.replace("\n", "\\n")
    shown = MarkdownIt().renderInline(code(line))
    plain = HTMLTextOf(shown).text
    assert plain.strip() == line.strip()
    block = HTMLTextOf(MarkdownIt().render(fenced(text, "hcl"))).text
    assert block.strip("\n") == text.strip("\n")


class HTMLTextOf(HTMLParser):
    """The text of a page without its tags."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(source)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_pairs_of_backticks_are_code_and_an_odd_one_is_text() -> None:
    assert inline("see `a_b` <i>") == "see `a_b` &lt;i&gt;"
    assert inline("see `a_b") == "see \\`a\\_b"
    assert cell(code("a|b")) == "`a\\|b`"


def test_a_clean_verdict_is_short() -> None:
    finding = Finding("s3-bucket-versioning", "aws_s3_bucket.a", Status.PASS, Severity.HIGH)
    text = render_markdown(Verdict(Provenance("tap", "check"), (finding,)))
    assert text.startswith("## ✅ allowed: `tap` at check\n\n1 passed\n")
    assert "<details>" not in text


def _many(number: int, text: str) -> Verdict:
    findings = tuple(
        Finding(f"c-{text}", f"a.b[{index}]", Status.FAIL, Severity.HIGH, text, text, text, text)
        for index in range(number)
    )
    rows = tuple(Requirement(f"R-{index}", text, (Judged.PLAN,)) for index in range(number))
    return Verdict(
        Provenance(text, text),
        findings,
        rows,
        problems=tuple(f"{index} {text}" for index in range(number)),
    )


@pytest.mark.parametrize("text", ["x" * 300, "\ud800" * 2000, "<&>`" * 900, "|" * 70_000])
@pytest.mark.parametrize("number", [1, 60])
def test_it_is_never_longer_than_a_comment_may_be(text: str, number: int) -> None:
    shown = render_markdown(_many(number, text))
    assert len(shown) <= LONGEST


def test_what_does_not_fit_is_counted() -> None:
    verdict = _many(20_000, "words of some length " * 5)
    shown = render_markdown(verdict)
    assert len(shown) > LONGEST / 2
    kept = shown.count("  - `a.b[")
    assert 20 < kept < 20_000
    assert f"**{20_000 - kept} more** findings do not fit" in shown
    assert "more lines of requirements" in shown
    assert "more lines of problems" in shown
    Page(shown)


def test_nothing_is_said_to_be_left_out_when_all_fits(verdict: Verdict) -> None:
    assert " more" not in render_markdown(replace(verdict, comparison=None))
