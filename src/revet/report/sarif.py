"""The verdict as SARIF 2.1.0, for code scanning, editors and dashboards.

Sources: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; for limits and
for `security-severity` GitHub, "SARIF support for code scanning".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from revet.model.control import ControlMeta
from revet.model.finding import Finding, Severity, Status
from revet.model.record import as_data
from revet.model.verdict import Verdict
from revet.report.changes import change_of, key_of
from revet.report.claims import attacks_as_data, proofs_as_data
from revet.report.prose import fenced, inline
from revet.report.words import (
    block,
    counted,
    in_order,
    one_line,
    placed,
    reason,
    seen,
    waiver_line,
    waivers_to_look_at,
)

VERSION = "2.1.0"
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MOST_RESULTS = 25_000
"""GitHub takes no more results of one run; the worst are kept."""
MOST_TAGS = 10
"""GitHub shows no more tags of one rule."""
_MOST_RELATED = 100
_MOST_BLOCKERS = 100
_ROOT = "SRCROOT"

_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}
"""Inside GitHub's bands: critical over 9.0, high from 7.0, medium from 4.0, low below."""

_KIND = {
    Status.FAIL: "fail",
    Status.UNKNOWN: "open",
    Status.WAIVED: "fail",
    Status.NOT_EXERCISED: "notApplicable",
    Status.PASS: "pass",
}
"""SARIF 3.27.9: *open* is "insufficient information"; what is waived still fails, suppressed."""


def render_sarif(verdict: Verdict) -> str:
    """Render a verdict as SARIF 2.1.0: a rule for each control, a result for each finding.

    A result lies where the user changes it: the line of the program or configuration where that
    is known, and always the construct and the resource as logical locations; never in the plan.
    Of more than `MOST_RESULTS` findings the worst are kept, and the run says how many were left
    out. Only ASCII is written, so that any encoding of the output will do.

    Args:
        verdict: what was found out.
    """
    findings = in_order(placed(verdict.findings))
    shown, left_out = findings[:MOST_RESULTS], max(len(findings) - MOST_RESULTS, 0)
    controls = _controls(verdict, shown)
    numbers = {control.id: number for number, control in enumerate(controls)}
    changes = change_of(verdict)
    p = verdict.provenance
    run = {
        "tool": {
            "driver": {
                "name": "revet",
                **({"version": p.versions["revet"]} if p.versions.get("revet") else {}),
                "rules": [_rule(control, verdict) for control in controls],
            }
        },
        "automationDetails": {
            "id": f"revet/{p.stage}/{one_line(p.stack)}/",
            "description": {"text": f"{one_line(p.stack)} at {p.stage}"},
        },
        "invocations": [_invocation(verdict, left_out)],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that revet ran in."}}},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, numbers[finding.control], changes.get(key_of(finding)))
            for finding in shown
        ],
        "properties": _run_properties(verdict, left_out),
    }
    document = {"$schema": SCHEMA, "version": VERSION, "runs": [run]}
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _controls(verdict: Verdict, findings: list[Finding]) -> list[ControlMeta]:
    """The controls that ran, and what is known of one that only a finding names."""
    known = {control.id: control for control in verdict.controls}
    for finding in findings:
        if finding.control not in known:
            known[finding.control] = ControlMeta(
                finding.control,
                finding.required or finding.control,
                finding.severity,
                finding.required,
                finding.impact,
                finding.fix,
                finding.fix_construct,
            )
    return list(known.values())


def _rule(control: ControlMeta, verdict: Verdict) -> dict[str, Any]:
    asked = [row.id for row in verdict.requirements if control.id in row.controls]
    tags = ["security", control.id.split("-", 1)[0], *asked]
    full = " ".join(text for text in (control.required, control.impact) if text)
    return {
        "id": control.id,
        "shortDescription": {"text": one_line(control.title)},
        "fullDescription": {"text": one_line(full or control.title)},
        "help": {
            "text": "\n\n".join(_help_text(control)),
            "markdown": "\n\n".join(_help_markdown(control)),
        },
        "defaultConfiguration": {"level": _LEVEL[control.severity]},
        "properties": {
            "security-severity": _SECURITY_SEVERITY[control.severity],
            "severity": control.severity.value,
            "precision": "very-high",
            "tags": [one_line(tag) for tag in dict.fromkeys(tags)][:MOST_TAGS],
            **({"deprecated": one_line(control.deprecated)} if control.deprecated else {}),
        },
    }


def _help_text(control: ControlMeta) -> Iterator[str]:
    yield one_line(control.title)
    for label, text in (("Required", control.required), ("Impact", control.impact)):
        if text:
            yield f"{label}: {one_line(text)}"
    for label, code in (("Fix", control.fix), ("With revet", control.fix_construct)):
        if code:
            yield f"{label}:\n{block(code)}"


def _help_markdown(control: ControlMeta) -> Iterator[str]:
    yield f"**{inline(control.title)}**"
    for label, text in (("Required", control.required), ("Impact", control.impact)):
        if text:
            yield f"{label}: {inline(text)}"
    if control.fix:
        yield "Fix:\n\n" + fenced(control.fix, "hcl")
    if control.fix_construct:
        yield "With revet:\n\n" + fenced(control.fix_construct, "python")
    yield f"`revet controls show {one_line(control.id)}` says more."


def _result(finding: Finding, number: int, change: str | None) -> dict[str, Any]:
    kind = _KIND[finding.status]
    result: dict[str, Any] = {
        "ruleId": finding.control,
        "ruleIndex": number,
        "kind": kind,
        "level": _LEVEL[finding.severity] if kind == "fail" else "none",
        "message": {"text": _message(finding)},
        "locations": [_location(finding)],
        "partialFingerprints": {"revetFinding/v1": f"{finding.fingerprint}/{finding.origin.value}"},
        "properties": {
            "status": finding.status.value,
            "severity": finding.severity.value,
            "origin": finding.origin.value,
            **({"account": finding.account} if finding.account else {}),
            **({"region": one_line(finding.region)} if finding.region else {}),
            **({"change": str(change)} if change else {}),
            **({"paths": [one_line(path) for path in finding.paths]} if finding.paths else {}),
        },
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": position,
                "logicalLocations": [_logical(address, "resource")],
                "message": {"text": "The answer rests on this resource too."},
            }
            for position, address in enumerate(finding.related[:_MOST_RELATED], start=1)
        ]
    if finding.status is Status.WAIVED:
        result["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": one_line(finding.waiver) or "waived",
            }
        ]
    return result


def _message(finding: Finding) -> str:
    """What a reader must know, one line per field; viewers of SARIF show the first in lists."""
    said = finding.implemented or finding.status.value
    mark = "not known: " if finding.status is Status.UNKNOWN else ""
    lines = [f"{one_line(finding.address)}: {mark}{one_line(said)}{seen(finding.origin)}"]
    if finding.status not in (Status.PASS, Status.NOT_EXERCISED):
        fields = (
            ("required", finding.required),
            ("impact", finding.impact),
            ("resolve", finding.resolve),
        )
        lines += [f"{label}: {one_line(text)}" for label, text in fields if text]
    return "\n".join(lines)


def _location(finding: Finding) -> dict[str, Any]:
    logical = [_logical(finding.address, "resource")]
    if finding.construct_path:
        logical.insert(0, _logical(finding.construct_path, "construct"))
    location: dict[str, Any] = {"logicalLocations": logical}
    if source := finding.source:
        region = {"startLine": max(source.line, 1)}
        location["physicalLocation"] = physical(source.file, region)
    return location


def _logical(name: str, kind: str) -> dict[str, str]:
    return {"fullyQualifiedName": one_line(name), "kind": kind}


def physical(file: str, region: dict[str, int]) -> dict[str, Any]:
    """A SARIF `physicalLocation`: a file, relative to the folder that revet ran in, and a region.

    Args:
        file: path as the user gave it.
        region: SARIF's `region` object.
    """
    path = PurePosixPath(file.replace("\\", "/"))
    name = quote(one_line(str(path)))
    if path.is_absolute():
        artifact = {"uri": f"file://{name}"}
    elif ".." in path.parts:
        artifact = {"uri": name}
    else:
        artifact = {"uri": name, "uriBaseId": _ROOT}
    return {"artifactLocation": artifact, "region": region}


def _invocation(verdict: Verdict, left_out: int) -> dict[str, Any]:
    p = verdict.provenance
    notes = [_notification("problem", "error", problem) for problem in verdict.problems]
    if left_out:
        text = (
            f"{left_out} of {len(verdict.findings)} findings are left out: "
            f"a run may hold {MOST_RESULTS}; the worst are kept"
        )
        notes.append(_notification("left-out", "warning", text))
    if verdict.comparison:
        notes += [_notification("comparison", "note", note) for note in verdict.comparison.notes]
    levels = {"expired": "warning", "unused": "note"}
    waivers = [
        _notification(f"{state}-waiver", levels[state], waiver_line(state, waiver))
        for state, waiver in waivers_to_look_at(verdict)
    ]
    return {
        "executionSuccessful": not verdict.problems,
        "exitCode": verdict.decision.exit_code,
        "exitCodeDescription": f"{verdict.decision.value}: {one_line(reason(verdict))}",
        **({"endTimeUtc": p.time} if p.time else {}),
        "toolExecutionNotifications": notes,
        "toolConfigurationNotifications": waivers,
    }


def _notification(name: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": name}, "level": level, "message": {"text": one_line(text)}}


def _run_properties(verdict: Verdict, left_out: int) -> dict[str, Any]:
    p = verdict.provenance
    comparison = verdict.comparison
    return {
        "decision": verdict.decision.value,
        "counts": counted(verdict),
        "leftOut": left_out,
        "blockers": [one_line(item) for item in verdict.blockers[:_MOST_BLOCKERS]],
        "blockersInAll": len(verdict.blockers),
        "failOn": [severity.value for severity in verdict.fail_on],
        "stack": p.stack,
        "stage": p.stage,
        "target": p.target,
        "account": p.account,
        "region": p.region,
        **({"accounts": [as_data(item) for item in p.accounts]} if p.accounts else {}),
        "planHash": p.plan_hash,
        "reading": p.reading,
        "synthesisHash": p.synthesis_hash,
        "versions": dict(p.versions),
        "requirements": {
            row.requirement.id: {cell.judged.value: cell.status.value for cell in row.cells}
            for row in verdict.matrix
        },
        "proofs": proofs_as_data(verdict),
        "attacks": attacks_as_data(verdict),
        "notLookedAt": {kind: list(names) for kind, names in (verdict.not_looked_at or {}).items()},
        "comparison": comparison.as_dict() if comparison else None,
    }
