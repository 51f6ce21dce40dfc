"""A verdict in one of several formats; a format is a function and one line in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from revet.model.verdict import Verdict
from revet.report.json import render_json
from revet.report.text import render_text

Render = Callable[[Verdict], str]


def _later(module: str, function: str) -> Render:
    """A format whose module is imported when it is used: what reads words only stays quick."""

    def render(verdict: Verdict) -> str:
        chosen: Render = getattr(import_module(f"revet.report.{module}"), function)
        return chosen(verdict)

    return render


render_html = _later("html", "page")
render_sarif = _later("sarif", "render_sarif")
render_junit = _later("junit", "render_junit")
render_markdown = _later("markdown", "render_markdown")
render_github = _later("github", "render_github")
render_oscal = _later("oscal", "render_oscal")

FORMATS: Mapping[str, Render] = {
    "text": render_text,
    "json": render_json,
    "html": render_html,
    "sarif": render_sarif,
    "junit": render_junit,
    "markdown": render_markdown,
    "github": render_github,
    "oscal": render_oscal,
}
"""Name of a format to the function that renders it."""

__all__ = [
    "FORMATS",
    "render_github",
    "render_html",
    "render_json",
    "render_junit",
    "render_markdown",
    "render_oscal",
    "render_sarif",
    "render_text",
]
