"""What validation found in policy documents, in three formats.

The JSON form has a list of files with findings in the shape of Access Analyzer's ValidatePolicy;
`docs/schemas/policy-findings.schema.json` describes it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import revet
from revet.iam.document_json import Span
from revet.iam.validate import Level, PolicyFinding
from revet.report.json import render_document
from revet.report.sarif import SCHEMA, VERSION, physical
from revet.report.words import one_line


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """One policy document.

    Args:
        file: its name as the user gave it.
        findings: in the order of their places.
    """

    file: str
    findings: tuple[PolicyFinding, ...]


def render_policies_text(files: Sequence[PolicyFile], data_date: dt.date) -> str:
    """One block a finding: `file:line:column`, level, code, what is wrong and what to do.

    Args:
        files: the documents, without findings too.
        data_date: of the service authorization data.
    """
    lines: list[str] = []
    for file in files:
        for finding in file.findings:
            first = finding.locations[0]
            start = first.span.start
            lines.append(
                f"{file.file}:{start.line}:{start.column + 1} {finding.level} {finding.code}"
            )
            lines.append(f"  {one_line(finding.details)}")
            lines += [
                f"  also at {other.span.start.line}:{other.span.start.column + 1}"
                for other in finding.locations[1:]
            ]
    counts = Counter(finding.level for file in files for finding in file.findings)
    counted = ", ".join(f"{counts[level]} {level}" for level in Level if counts[level])
    noun = "policy" if len(files) == 1 else "policies"
    lines.append(f"{len(files)} {noun}: {counted or 'no findings'} (service data of {data_date})")
    return "\n".join(lines) + "\n"


def render_policies_json(files: Sequence[PolicyFile], _data_date: dt.date) -> str:
    """`files`, a list of `{"file", "findings"}`; a finding as ValidatePolicy answers it."""
    content = [
        {"file": file.file, "findings": [finding.as_dict() for finding in file.findings]}
        for file in files
    ]
    return render_document("policy-findings", {"files": content})


def render_policies_sarif(files: Sequence[PolicyFile], data_date: dt.date) -> str:
    """SARIF 2.1.0: a rule for each code, a result for each finding, with exact regions.

    Args:
        files: the documents.
        data_date: of the service authorization data.
    """
    found = {finding.code: finding for file in files for finding in file.findings}
    numbers = {code: number for number, code in enumerate(sorted(found))}
    driver = {
        "name": "revet",
        "version": revet.__version__,
        "rules": [_rule(found[code]) for code in numbers],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(file.file, finding, numbers[finding.code])
            for file in files
            for finding in file.findings
        ],
        "properties": {"serviceData": data_date.isoformat()},
    }
    return json.dumps({"$schema": SCHEMA, "version": VERSION, "runs": [run]}, indent=2) + "\n"


_LEVEL = {
    Level.ERROR: "error",
    Level.SECURITY_WARNING: "error",
    Level.WARNING: "warning",
    Level.SUGGESTION: "note",
}
_SECURITY_SEVERITY = {
    Level.ERROR: "5.5",
    Level.SECURITY_WARNING: "8.0",
    Level.WARNING: "4.0",
    Level.SUGGESTION: "1.0",
}


def _rule(finding: PolicyFinding) -> dict[str, Any]:
    words = finding.code.replace("_", " ").lower()
    return {
        "id": finding.code,
        "shortDescription": {"text": words},
        "defaultConfiguration": {"level": _LEVEL[finding.level]},
        "properties": {
            "security-severity": _SECURITY_SEVERITY[finding.level],
            "findingType": str(finding.level),
            "tags": ["security", "iam"],
        },
    }


def _result(file: str, finding: PolicyFinding, number: int) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": number,
        "level": _LEVEL[finding.level],
        "message": {"text": one_line(finding.details)},
        "locations": [
            {"physicalLocation": physical(file, _region(location.span))}
            for location in finding.locations
        ],
    }


def _region(span: Span) -> dict[str, int]:
    """SARIF counts columns from 1; the end is the character after the last one."""
    return {
        "startLine": span.start.line,
        "startColumn": span.start.column + 1,
        "endLine": span.end.line,
        "endColumn": span.end.column + 1,
        "charOffset": span.start.offset,
        "charLength": span.end.offset - span.start.offset,
    }


PolicyRender = Callable[[Sequence[PolicyFile], dt.date], str]
POLICY_FORMATS: Mapping[str, PolicyRender] = {
    "text": render_policies_text,
    "json": render_policies_json,
    "sarif": render_policies_sarif,
}
"""Name of a format to the function that renders it."""
