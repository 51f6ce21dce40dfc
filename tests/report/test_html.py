from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from tests.report.poison import poisoned

from revet.model.finding import Finding, Origin, Severity, Status
from revet.model.requirement import Evidence, Judged, Requirement
from revet.model.verdict import Provenance, Verdict, Waiver
from revet.report import render_html

VOID = {"meta", "br", "input", "link", "img", "hr"}
HOSTILE = '</script><script>alert("1")</script><img src=x onerror=alert(1)> \' " & ` \x1b \x00'


class Page(HTMLParser):
    """Collects elements; fails on tags that do not match."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def named(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.elements if name == tag)


def test_page_is_well_formed_and_needs_nothing_else(verdict: Verdict) -> None:
    source = render_html(verdict)
    page = Page(source)
    assert not list(page.named("link"))
    assert not list(page.named("img"))
    assert not list(page.named("iframe"))
    assert not [attributes for _, attributes in page.elements if "src" in attributes]
    assert "http:" not in source
    assert "https:" not in source
    assert not re.search(r"@import|url\(", source)
    links = [str(attributes["href"]) for attributes in page.named("a")]
    ids = {attributes.get("id") for _, attributes in page.elements}
    assert links
    assert all(link.startswith("#") and link[1:] in ids for link in links)


def test_ids_are_unique_and_every_table_has_headings(verdict: Verdict) -> None:
    page = Page(render_html(verdict))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all("scope" in attributes for attributes in page.named("th"))
    assert [attributes["lang"] for attributes in page.named("html")] == ["en"]
    for attributes in page.named("section"):
        assert attributes["aria-labelledby"] in ids


def test_inline_handlers_and_styles_are_absent(verdict: Verdict) -> None:
    page = Page(render_html(verdict))
    for _, attributes in page.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes)


def test_everything_is_escaped(verdict: Verdict) -> None:
    """Every text of a verdict replaced by an attack: the page has the same elements as before."""
    plain = Page(render_html(verdict))
    source = render_html(poisoned(verdict, HOSTILE))
    page = Page(source)
    assert len(list(page.named("script"))) == len(list(plain.named("script"))) == 1
    assert not list(page.named("img"))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", source)
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in plain.elements} | {"ul", "li"}
    assert "alert" in "".join(page.text)
    for _, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes)


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_shown_with_its_word(status: Status) -> None:
    finding = Finding("s3-bucket-versioning", "aws_s3_bucket.a", status, Severity.HIGH)
    page = Page(render_html(Verdict(Provenance("tap", "check"), (finding,))))
    entries = [item for item in page.named("details") if "data-status" in item]
    assert [item["data-status"] for item in entries] == [status.value]
    assert status.value in page.text


def test_requirement_lists_all_five_ways_and_its_evidence() -> None:
    row = Requirement("T-1", "logs", (Judged.PLAN, Judged.LIVE))
    seen = Evidence("T-1", Judged.LIVE, "check", "arn", Status.PASS, Origin.EMULATED, "seen it")
    page = Page(
        render_html(Verdict(Provenance("tap", "verify"), requirements=(row,), evidence=(seen,)))
    )
    cells = [item["data-label"] for item in page.named("td") if item.get("class") == "way"]
    assert cells == [way.label for way in Judged]
    text = " ".join(part.strip() for part in page.text)
    assert "seen it" in text
    assert "emulated" in text
    assert text.count("not asked for") == len(Judged) - 2
    assert "not exercised" in text


def test_an_even_number_of_backticks_becomes_code_and_an_odd_one_stays() -> None:
    even = Waiver("c", "*", "see `x` <i>", "o", dt.date(2026, 1, 1))
    odd = Waiver("c", "*", "see `x", "o", dt.date(2026, 1, 1))
    source = render_html(Verdict(Provenance("t", "check"), expired=(even,), unused=(odd,)))
    assert "see <code>x</code> &lt;i&gt;" in source
    assert "see `x<" in source
