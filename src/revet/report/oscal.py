"""The verdict as assessment results of OSCAL 1.1, NIST's format that tools of assessors read.

https://pages.nist.gov/OSCAL-Reference/models/v1.1.3/assessment-results/json-outline/

There is one result for each framework that was asked for, or one for the requirements. What was
looked at is an observation, what is said of a row a finding. OSCAL has two words for that:
*satisfied* and *not-satisfied*. *Satisfied* stands for *supported* alone, and a row that nothing
looked at has no finding; the remarks name it, with the reason. Names of OSCAL's own begin with a
letter, so a row is named by its framework too (`pci_dss-3.7.4`).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from revet.model.finding import Finding, Status
from revet.model.framework import FrameworkResult, RowResult, RowStatus, framework_results
from revet.model.requirement import Evidence, Judged, MatrixRow
from revet.model.verdict import Verdict
from revet.report.accounts import HEADINGS, account_rows
from revet.report.changes import LISTED, earlier, rule_of, step
from revet.report.frameworks import CAVEAT, counted_rows, evidence_of, rows_by_reason
from revet.report.words import (
    block,
    counted_changes,
    one_line,
    reason,
    requirements_met,
    waiver_line,
    waivers_to_look_at,
)

OSCAL = "1.1.3"
_NAMES = "revet://oscal"
"""Namespace of the properties that OSCAL does not know."""

_EPOCH = "1970-01-01T00:00:00+00:00"
_NO_TIME = "the verdict says no time, and the format asks for one: here it is the beginning of 1970"
_NO_PLAN = "there is no assessment plan in OSCAL: the stack, the controls and the rows named here"
_CERTIFIES_NOTHING = "this supports rows with evidence and certifies nothing"
_REASONS = {Status.PASS: "pass", Status.FAIL: "fail"}
_ROW_REASONS = {RowStatus.SUPPORTED: "pass", RowStatus.FAILED: "fail"}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What becomes an observation: a finding, or one piece of evidence for a requirement."""

    source: str
    subject: str
    status: Status
    origin: str
    detail: str
    method: str
    properties: tuple[tuple[str, str], ...]
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What becomes a finding: a row that something spoke for or against."""

    id: str
    title: str
    satisfied: bool
    reason: str
    said: str
    seen: tuple[int, ...]
    """Places in the list of what was seen."""


def render_oscal(verdict: Verdict) -> str:
    """Render a verdict as the JSON of OSCAL's assessment results.

    The same verdict gives the same text: every UUID follows from its digest.

    Args:
        verdict: what was found out.
    """
    document = uuid5(NAMESPACE_URL, verdict.as_dict()["digest"])
    plan = str(uuid5(document, "plan"))
    found = verdict.provenance
    data = {
        "uuid": str(document),
        "metadata": {
            "title": _line(f"{found.stack} at {found.stage}: {verdict.decision.value}"),
            "last-modified": _time(found.time),
            "version": _line(found.time or found.plan_hash),
            "oscal-version": OSCAL,
            "remarks": _sentences([_CERTIFIES_NOTHING, "" if _is_time(found.time) else _NO_TIME]),
        },
        "import-ap": {"href": f"#{plan}", "remarks": _sentences([_NO_PLAN])},
        "results": list(_results(verdict, document)),
        "back-matter": {
            "resources": [
                {"uuid": plan, "title": "No assessment plan", "description": _sentences([_NO_PLAN])}
            ]
        },
    }
    return json.dumps({"assessment-results": data}, indent=2, allow_nan=False) + "\n"


def _results(verdict: Verdict, document: UUID) -> Iterator[dict[str, Any]]:
    frameworks = framework_results(verdict)
    for place, item in enumerate(frameworks):
        judged = [row for row in item.rows if row.evidence]
        controls = {control for row in judged for control in row.row.controls}
        seen = [one for one in verdict.findings if one.control in controls]
        yield _result(
            verdict,
            uuid5(document, f"result-{place}"),
            f"{item.framework.title} {item.framework.version}",
            f"{counted_rows(item)}; {CAVEAT}",
            list(map(_of_finding, seen)),
            [_of_row(item, row, seen) for row in judged],
            [f"{why}: {', '.join(_ids(rows))}" for why, rows in rows_by_reason(item).items()],
        )
    if frameworks:
        return
    evidence = [item for row in verdict.matrix for cell in row.cells for item in cell.evidence]
    places = {id(item): place for place, item in enumerate(evidence)}
    yield _result(
        verdict,
        uuid5(document, "result-0"),
        "Requirements" if verdict.requirements else "Controls",
        requirements_met(verdict) or "judged without a framework and without requirements",
        list(map(_of_evidence, evidence) if evidence else map(_of_finding, verdict.findings)),
        [_of_requirement(row, places) for row in verdict.matrix],
        [],
    )


def _result(
    verdict: Verdict,
    name: UUID,
    title: str,
    description: str,
    seen: list[_Seen],
    judged: list[_Judged],
    rest: list[str],
) -> dict[str, Any]:
    found, tool = verdict.provenance, str(uuid5(name, "tool"))
    when = _time(found.time)
    subjects = {item.subject: str(uuid5(name, f"subject {item.subject!r}")) for item in seen}
    rows = list(dict.fromkeys(item.id for item in judged))
    facts = (
        ("decision", verdict.decision.value), ("stack", found.stack), ("stage", found.stage),
        ("reading", found.reading), ("target", found.target), ("account", found.account),
        ("region", found.region), ("plan-sha-256", found.plan_hash),
        ("synthesis-sha-256", found.synthesis_hash),
    )  # fmt: skip
    version = found.versions.get("revet", "")
    local = {
        "inventory-items": [
            {"uuid": uuid, "description": _line(subject)} for subject, uuid in subjects.items()
        ],
        "assessment-assets": {
            "components": [
                {
                    "uuid": tool,
                    "type": "software",
                    "title": "revet",
                    "description": "Judges configuration of AWS by rules, proofs and attacks.",
                    "props": [{"name": "version", "value": _line(version)}],
                    "status": {"state": "operational"},
                }
            ],
            "assessment-platforms": [
                {
                    "uuid": str(uuid5(name, "platform")),
                    "uses-components": [{"component-uuid": tool}],
                }
            ],
        },
    }
    selection: dict[str, Any] = {"description": "What something of ours looked at."}
    if rows:
        selection["include-controls"] = [{"control-id": row} for row in rows]
    return _filled(
        {
            "uuid": str(name),
            "title": _line(title),
            "description": _sentences([description]),
            "start": when,
            "end": when,
            "props": _properties(facts),
            "local-definitions": _filled(local),
            "reviewed-controls": {"control-selections": [selection]},
            "observations": [
                _observation(item, uuid5(name, f"observation-{place}"), subjects, tool, when)
                for place, item in enumerate(seen)
            ],
            "findings": [_finding(item, name, place, tool) for place, item in enumerate(judged)],
            "remarks": _sentences([reason(verdict), *rest, *_remarks(verdict)]),
        }
    )


def _observation(
    item: _Seen, uuid: UUID, subjects: dict[str, str], tool: str, when: str
) -> dict[str, Any]:
    said = (("source", item.source), ("status", item.status.value), ("origin", item.origin))
    return _filled(
        {
            "uuid": str(uuid),
            "title": _line(f"{item.source}: {item.status.value}"),
            "description": _sentences([item.detail or item.status.value]),
            "props": _properties((*said, *item.properties)),
            "methods": [item.method],
            "origins": [{"actors": [{"type": "tool", "actor-uuid": tool}]}],
            "subjects": [
                {
                    "subject-uuid": subjects[item.subject],
                    "type": "inventory-item",
                    "title": _line(item.subject),
                }
            ],
            "collected": when,
            "remarks": _sentences([item.remarks]) if item.remarks else "",
        }
    )


def _finding(item: _Judged, name: UUID, place: int, tool: str) -> dict[str, Any]:
    return _filled(
        {
            "uuid": str(uuid5(name, f"finding-{place}")),
            "title": _line(item.title),
            "description": _sentences([item.said]),
            "origins": [{"actors": [{"type": "tool", "actor-uuid": tool}]}],
            "target": {
                "type": "objective-id",
                "target-id": item.id,
                "status": {
                    "state": "satisfied" if item.satisfied else "not-satisfied",
                    "reason": item.reason,
                    "remarks": _sentences([CAVEAT if item.satisfied else item.said]),
                },
            },
            "related-observations": [
                {"observation-uuid": str(uuid5(name, f"observation-{number}"))}
                for number in item.seen
            ],
        }
    )


def _of_finding(finding: Finding) -> _Seen:
    return _Seen(
        finding.control,
        finding.address,
        finding.status,
        finding.origin.value,
        finding.implemented,
        "EXAMINE",
        (
            ("severity", finding.severity.value),
            ("fingerprint", finding.fingerprint),
            ("account", finding.account),
            ("region", finding.region),
        ),
        finding.waiver and f"waived: {finding.waiver}",
    )


def _of_evidence(item: Evidence) -> _Seen:
    return _Seen(
        item.source,
        item.subject,
        item.status,
        item.origin.value,
        item.detail,
        "TEST" if item.judged is Judged.ATTACK else "EXAMINE",
        (
            ("requirement", item.requirement),
            ("judged", item.judged.label),
            ("certificate", item.certificate),
        ),
    )


def _of_row(item: FrameworkResult, row: RowResult, seen: list[Finding]) -> _Judged:
    return _Judged(
        _token(f"{item.framework.id}-{row.row.id}"),
        f"{row.row.id} {row.row.title}: {row.status.value}",
        row.status is RowStatus.SUPPORTED,
        _ROW_REASONS.get(row.status, "other"),
        f"{row.status.value}: {evidence_of(row)}",
        tuple(place for place, one in enumerate(seen) if one.control in row.row.controls),
    )


def _of_requirement(row: MatrixRow, places: dict[int, int]) -> _Judged:
    ways = ", ".join(f"{cell.judged.label} {cell.status.value}" for cell in row.cells)
    return _Judged(
        _token(row.requirement.id),
        f"{row.requirement.id} {row.requirement.text}: {row.status.value}",
        row.status is Status.PASS,
        _REASONS.get(row.status, "other"),
        f"{row.status.value}: {ways}",
        tuple(places[id(item)] for cell in row.cells for item in cell.evidence),
    )


def _remarks(verdict: Verdict) -> Iterator[str]:
    """What the format has no place for: problems, accounts, waivers, what changed."""
    yield from verdict.problems
    for row in account_rows(verdict):
        cells = zip(HEADINGS, row.cells, strict=True)
        yield "; ".join(f"{name} {text}" for name, text in cells if text)
    yield from (waiver_line(state, waiver) for state, waiver in waivers_to_look_at(verdict))
    if (comparison := verdict.comparison) is None:
        return
    yield f"compared with {earlier(comparison)}: {counted_changes(comparison)}"
    yield rule_of(comparison)
    yield from comparison.notes
    for change in LISTED:
        for item in comparison.of(change):
            yield f"{change.value}: {item.control} {item.address}: {step(item)}"


def _ids(rows: Iterable[RowResult]) -> Iterator[str]:
    return (row.row.id for row in rows)


def _properties(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "ns": _NAMES, "value": _line(value)} for name, value in pairs if value]


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; OSCAL has no empty lists and texts."""
    return {name: value for name, value in data.items() if value}


def _line(text: str) -> str:
    """A text of one line that is not empty and neither begins nor ends with space."""
    return " ".join(one_line(text).split()) or "not said"


def _sentences(texts: Iterable[str]) -> str:
    """Texts below each other, as paragraphs of Markdown."""
    return "\n\n".join(said for text in texts if (said := block(text).strip())) or "not said"


def _token(text: str) -> str:
    """A name as OSCAL writes them: letters, digits, `.`, `-` and `_`, a letter first."""
    bare = re.sub(r"[^A-Za-z0-9._-]", "_", text.replace("(", ".").replace(")", ""))
    return bare if re.match(r"[A-Za-z_]", bare) else f"_{bare}"


def _is_time(text: str) -> bool:
    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _time(text: str) -> str:
    return dt.datetime.fromisoformat(text).isoformat() if _is_time(text) else _EPOCH
