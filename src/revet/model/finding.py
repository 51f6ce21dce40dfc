"""What a rule says of one subject."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """The answer of a rule, a check, a proof or an attack."""

    PASS = "pass"  # noqa: S105 - a status, no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    NOT_EXERCISED = "not exercised"


class Severity(StrEnum):
    """How bad a failure is, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the worst, growing with harmlessness."""
        return list(Severity).index(self)


class Origin(StrEnum):
    """Where evidence comes from; *emulated* is never shown as *real*."""

    SYNTHESIS = "synthesis"
    PLAN = "plan"
    EMULATED = "emulated"
    REAL = "real"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule answers for one resource; made by `compliant`, `noncompliant`, `unknown`.

    Args:
        status: pass, fail or unknown.
        why: for a failure what was found instead; for an unknown what is not known.
        paths: attribute paths that the answer rests on.
        related: addresses of other resources that the answer rests on.
        resolve: for an unknown, what would resolve it.
    """

    status: Status
    why: str = ""
    paths: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    resolve: str = ""


def compliant(why: str = "", *, related: tuple[str, ...] = ()) -> Outcome:
    """The subject is as required; `why` may say what shows it."""
    return Outcome(Status.PASS, why, related=related)


def noncompliant(
    why: str, *, paths: tuple[str, ...] = (), related: tuple[str, ...] = ()
) -> Outcome:
    """The subject is not as required.

    Args:
        why: what is there instead, lower case, values in backticks.
        paths: attribute paths that show it.
        related: addresses of other resources that show it.
    """
    return Outcome(Status.FAIL, why, paths, related)


def unknown(why: str, *, resolve: str, paths: tuple[str, ...] = ()) -> Outcome:
    """It cannot be told whether the subject is as required.

    Args:
        why: what is not known.
        resolve: what would make it known.
        paths: attribute paths that are not known.
    """
    return Outcome(Status.UNKNOWN, why, paths, resolve=resolve)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A place in the user's program or configuration.

    Args:
        file: path as the user knows it.
        line: counted from 1.
    """

    file: str
    line: int

    def __str__(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One control's answer for one subject, with all that a reader needs to act on it.

    Args:
        control: id of the control.
        address: full instance address of the resource, or the plan's or account's name.
        status: the answer.
        severity: of the control.
        required: the good state, one sentence.
        implemented: what was found.
        impact: what the deviation makes possible.
        fix: what to write, in Terraform.
        fix_construct: what to write with revet's constructs; empty where there is none.
        paths: attribute paths that the answer rests on.
        related: addresses of other resources that the answer rests on.
        resolve: for an unknown, what would resolve it.
        construct_path: CDK Terrain's path of the construct; empty for hand-written configuration.
        source: the user's line that made the resource.
        waiver: reason and expiry of the waiver that covers it, when status is waived.
        origin: what was looked at: the plan, or what is deployed, emulated or real.
    """

    control: str
    address: str
    status: Status
    severity: Severity
    required: str = ""
    implemented: str = ""
    impact: str = ""
    fix: str = ""
    fix_construct: str = ""
    paths: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    resolve: str = ""
    construct_path: str = ""
    source: SourceLine | None = None
    waiver: str = ""
    origin: Origin = Origin.PLAN

    @property
    def fingerprint(self) -> str:
        """Stable between runs: the same control and address give the same 16 hex digits.

        A deviation has the same one in the plan and in what is deployed, so that one waiver covers
        both; `origin` tells them apart.
        """
        return hashlib.sha256(f"{self.control}\0{self.address}".encode()).hexdigest()[:16]

    def sort_key(self) -> tuple[int, int, str, str, int]:
        """Worst first, then by control, address and origin: the order in every output."""
        order = (Status.FAIL, Status.UNKNOWN, Status.WAIVED, Status.NOT_EXERCISED, Status.PASS)
        origin = list(Origin).index(self.origin)
        return (order.index(self.status), self.severity.rank, self.control, self.address, origin)

    def as_dict(self) -> dict[str, Any]:
        """JSON form, with the fingerprint; empty fields are kept."""
        return {
            "control": self.control,
            "address": self.address,
            "status": self.status.value,
            "severity": self.severity.value,
            "fingerprint": self.fingerprint,
            "required": self.required,
            "implemented": self.implemented,
            "impact": self.impact,
            "fix": self.fix,
            "fix_construct": self.fix_construct,
            "paths": list(self.paths),
            "related": list(self.related),
            "resolve": self.resolve,
            "construct_path": self.construct_path,
            "source": {"file": self.source.file, "line": self.source.line} if self.source else None,
            "waiver": self.waiver,
            "origin": self.origin.value,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Finding:
        """The inverse of `as_dict`.

        Raises:
            KeyError: a field is missing.
            ValueError: a status or severity that does not exist.
        """
        source = data["source"]
        return cls(
            control=data["control"],
            address=data["address"],
            status=Status(data["status"]),
            severity=Severity(data["severity"]),
            required=data["required"],
            implemented=data["implemented"],
            impact=data["impact"],
            fix=data["fix"],
            fix_construct=data["fix_construct"],
            paths=tuple(data["paths"]),
            related=tuple(data["related"]),
            resolve=data["resolve"],
            construct_path=data["construct_path"],
            source=SourceLine(source["file"], source["line"]) if source else None,
            waiver=data["waiver"],
            origin=Origin(data["origin"]),
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings have each status.

    Args:
        by_status: status to number, all five statuses present.
    """

    by_status: dict[Status, int] = field(default_factory=dict)

    @classmethod
    def of(cls, statuses: list[Status]) -> Counts:
        """Count a list of statuses."""
        return cls({status: statuses.count(status) for status in Status})
