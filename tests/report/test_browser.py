"""The HTML report in a real browser, from disk: scripts run, nothing is loaded, nothing fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from revet.model.verdict import Verdict
from revet.report import render_html

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
)


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    message = f"no browser on PATH (looked for {', '.join(NAMES)}): the report was not opened"
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(message)
    pytest.skip(message)


def open_page(
    browser: str, page: Path, profile: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    profile.mkdir()
    return subprocess.run(
        [browser, *FLAGS, f"--user-data-dir={profile}", *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=page.parent,
    )


def console(stderr: str) -> list[str]:
    """What the page itself said; the browser's own log about its surroundings is left out."""
    return [line for line in stderr.splitlines() if re.search(r":CONSOLE[:(]", line)]


def test_report_opens_from_disk_without_errors(
    browser: str, verdict: Verdict, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    page.write_text(render_html(verdict), encoding="utf-8")
    run = open_page(
        browser, page, tmp_path / "profile", "--dump-dom", f"{page.as_uri()}#evidence-2"
    )
    assert console(run.stderr) == []
    dom = run.stdout
    assert 'data-ready="true"' in dom, "the script ran to its end"
    for requirement in verdict.requirements:
        assert f'data-requirement="{requirement.id}"' in dom
    assert re.search(r'<details id="evidence-2" open', dom), "the address opens its evidence"
    assert re.search(r'class="filters"[^>]*>', dom)
    assert not re.search(r'class="filters"[^>]*hidden', dom), "the script shows the filters"
    assert "<img" not in dom


def test_report_of_an_audit_opens_and_shows_its_accounts(
    browser: str, audit: Verdict, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    page.write_text(render_html(audit), encoding="utf-8")
    run = open_page(browser, page, tmp_path / "profile", "--dump-dom", page.as_uri())
    assert console(run.stderr) == []
    assert 'data-ready="true"' in run.stdout
    for read in audit.provenance.accounts:
        assert f'data-account="{read.account}"' in run.stdout


def test_a_page_with_an_error_would_be_noticed(browser: str, tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    page.write_text("<!DOCTYPE html><script>throw new Error('noticed')</script>", encoding="utf-8")
    run = open_page(browser, page, tmp_path / "profile", "--dump-dom", page.as_uri())
    assert any("noticed" in line for line in console(run.stderr))


@pytest.mark.parametrize("width", [1280, 500])
def test_report_can_be_drawn(browser: str, verdict: Verdict, tmp_path: Path, width: int) -> None:
    page, picture = tmp_path / "report.html", tmp_path / "report.png"
    page.write_text(render_html(verdict), encoding="utf-8")
    size = f"--window-size={width},900"
    open_page(browser, page, tmp_path / "profile", size, f"--screenshot={picture}", page.as_uri())
    assert picture.read_bytes().startswith(b"\x89PNG")
