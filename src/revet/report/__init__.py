"""A verdict in one of several formats; a format is a function and one line in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from revet.model.verdict import Verdict
from revet.report.json import render_json
from revet.report.text import render_text


def render_html(verdict: Verdict) -> str:
    """Render a verdict as one self-contained HTML page; loads jinja2 when called.

    Args:
        verdict: what was found out.
    """
    from revet.report.html import page  # noqa: PLC0415 - jinja2 is for this format only

    return page(verdict)


FORMATS: Mapping[str, Callable[[Verdict], str]] = {
    "text": render_text,
    "json": render_json,
    "html": render_html,
}
"""Name of a format to the function that renders it."""

__all__ = ["FORMATS", "render_html", "render_json", "render_text"]
