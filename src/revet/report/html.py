"""The verdict as one HTML file that needs nothing else: no network, no other file."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from revet.model.finding import Finding, Origin, Status
from revet.model.framework import framework_results
from revet.model.requirement import Cell, Judged
from revet.model.verdict import Verdict
from revet.report.accounts import HEADINGS, account_rows, unread
from revet.report.auditor import CERTIFIES_NOTHING, anchors, linked, scope, waived
from revet.report.changes import LISTED, change_of, earlier, key_of, rule_of, step
from revet.report.flow import headline
from revet.report.frameworks import CAVEAT, counted_rows, rows_by_reason
from revet.report.words import (
    COUNTED,
    block,
    counted,
    counted_changes,
    grouped,
    in_order,
    origins,
    place,
    reason,
    requirements_met,
)

_TEMPLATES = Path(__file__).parent / "templates"

_MEANING = {
    Origin.SYNTHESIS: "from the synthesized configuration",
    Origin.PLAN: "from the plan",
    Origin.STATE: "from the state",
    Origin.EMULATED: "from the embedded AWS, not from a real account",
    Origin.REAL: "from a real AWS account",
}


def page(verdict: Verdict) -> str:
    """Render a verdict as one self-contained HTML page.

    Everything that comes from the verdict is escaped. A content security policy forbids the page
    to load anything; style and script are admitted by their hashes. Without scripts the page
    still shows everything.

    Args:
        verdict: what was found out.

    Returns:
        The page, the same for the same verdict.
    """
    style, script = _asset("verdict.css"), _asset("verdict.js")
    findings = in_order(verdict.findings)
    shown = grouped(findings, (Status.FAIL, Status.UNKNOWN, Status.WAIVED))
    quiet = _by_control(findings, (Status.NOT_EXERCISED, Status.PASS))
    return (
        _environment()
        .get_template("verdict.html")
        .render(
            verdict=verdict,
            provenance=verdict.provenance,
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            style_hash=_csp_hash(style),
            script_hash=_csp_hash(script),
            reason=reason(verdict),
            counted=counted(verdict),
            requirements_met=requirements_met(verdict),
            accounts=account_rows(verdict),
            headings=HEADINGS,
            unread=unread(verdict),
            matrix=verdict.matrix,
            ways=tuple(Judged),
            statuses=[(status, verdict.counts[status]) for status in COUNTED],
            shown=shown,
            quiet=quiet,
            origins=[(origin, _MEANING[origin]) for origin in origins(verdict)],
            place=place,
            seen_at=_seen_at,
            blocking=frozenset(verdict.blocking),
            comparison=verdict.comparison,
            changes=change_of(verdict),
            key_of=key_of,
            listed=LISTED,
            earlier=earlier,
            counted_changes=counted_changes,
            rule_of=rule_of,
            not_looked_at=verdict.not_looked_at or {},
            frameworks=framework_results(verdict),
            flow=verdict.flow,
            flow_headline=headline(verdict.flow) if verdict.flow else "",
            counted_rows=counted_rows,
            caveat=CAVEAT,
            certifies_nothing=CERTIFIES_NOTHING,
            rows_by_reason=rows_by_reason,
            scope=list(scope(verdict.provenance)),
            places=anchors(shown, quiet),
            linked=linked,
            waived=waived,
            step=step,
        )
        .lstrip()
    )


def _by_control(findings: list[Finding], wanted: tuple[Status, ...]) -> list[dict[str, Any]]:
    """Group the findings that nobody must act on: one entry for each status and control."""
    groups = []
    for status in wanted:
        of_status = sorted(
            (finding for finding in findings if finding.status is status),
            key=lambda finding: (finding.control, finding.address),
        )
        for control, members in groupby(of_status, key=lambda finding: finding.control):
            groups.append({"status": status, "control": control, "findings": list(members)})
    return groups


def _seen_at(cell: Cell) -> tuple[Origin, ...]:
    """Whether the evidence of a cell is emulated or real; empty for files and proofs."""
    found = {item.origin for item in cell.evidence}
    return tuple(origin for origin in (Origin.EMULATED, Origin.REAL) if origin in found)


def _visible(value: object) -> object:
    """Make control characters of a text visible; HTML does not allow most of them."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else block(value)


def _prose(text: str) -> Markup:
    """Escape a text and set what is between backticks as code."""
    parts = escape(block(text)).split("`")
    if len(parts) % 2 == 0:  # an odd number of backticks: nothing can be said about pairs
        return escape(block(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else part
        for number, part in enumerate(parts)
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["prose"] = _prose
    return environment


@cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _csp_hash(text: str) -> str:
    """The source expression `sha256-…` of a content security policy for an inline block."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
