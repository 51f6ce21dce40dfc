"""What a rule says of one subject."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from revet.model.record import as_data


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
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Origin(StrEnum):
    """Where evidence comes from; *emulated* is never shown as *real*."""

    SYNTHESIS = "synthesis"
    PLAN = "plan"
    STATE = "state"
    EMULATED = "emulated"
    REAL = "real"


_ORDER = {
    status: place
    for place, status in enumerate(
        (Status.FAIL, Status.UNKNOWN, Status.WAIVED, Status.NOT_EXERCISED, Status.PASS)
    )
}
_ORIGINS = {origin: place for place, origin in enumerate(Origin)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule answers for one resource; made by `compliant`, `noncompliant`, `unknown`.

    Args:
        status: pass, fail or unknown.
        why: for a failure what was found instead; for an unknown what is not known.
        paths: attribute paths that the answer rests on.
        related: addresses of other resources that the answer rests on.
        resolve: for an unknown, what would resolve it.
        codes: names of what was found, which may be shown also where `why` may not.
        fix: for a failure, what to write in Terraform, where the control's own fix does not fit
            every failure.
    """

    status: Status
    why: str = ""
    paths: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    resolve: str = ""
    codes: tuple[str, ...] = ()
    fix: str = ""


def compliant(why: str = "", *, related: tuple[str, ...] = ()) -> Outcome:
    """The subject is as required; `why` may say what shows it."""
    return Outcome(Status.PASS, why, related=related)


def noncompliant(
    why: str,
    *,
    paths: tuple[str, ...] = (),
    related: tuple[str, ...] = (),
    codes: tuple[str, ...] = (),
    fix: str = "",
) -> Outcome:
    """The subject is not as required.

    Args:
        why: what is there instead, lower case, values in backticks.
        paths: attribute paths that show it.
        related: addresses of other resources that show it.
        codes: names of what was found, free of anything that it was found in.
        fix: what to write in Terraform, where the control's own fix does not fit every failure.
    """
    return Outcome(Status.FAIL, why, paths, related, codes=codes, fix=fix)


def unknown(why: str, *, resolve: str, paths: tuple[str, ...] = ()) -> Outcome:
    """It is not known whether the subject is as required.

    Args:
        why: what is not known.
        resolve: what would make it known.
        paths: attribute paths that are not known.
    """
    return Outcome(Status.UNKNOWN, why, paths, resolve=resolve)


def quoted(words: Iterable[object]) -> str:
    """Names and values as messages show them: "`a`, `b`"; empty for none."""
    return ", ".join(f"`{word}`" for word in words)


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
        origin: what was looked at: a plan, a state, or an account, emulated or real.
        account: id of the account; empty where it is not known.
        region: of the resource; empty for global services, and where it is not known.
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
    account: str = ""
    region: str = ""

    @property
    def fingerprint(self) -> str:
        """Stable between runs: the same control and address give the same 16 hex digits.

        A deviation has the same one in the plan and in what is deployed, so that one waiver covers
        both; `origin` tells them apart.
        """
        said = f"{self.control}\0{self.address}"  # JSON may hold halves of surrogate pairs
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def sort_key(self) -> tuple[int, int, str, str, int]:
        """Worst first, then by control, address and origin: the order in every output."""
        place = (self.control, self.address, _ORIGINS[self.origin])
        return (_ORDER[self.status], self.severity.rank, *place)

    def as_dict(self) -> dict[str, Any]:
        """JSON form, with the fingerprint; empty fields are kept."""
        data = as_data(self)
        first = {name: data[name] for name in ("control", "address", "status", "severity")}
        return {**first, "fingerprint": self.fingerprint, **data}


class Change(StrEnum):
    """How a finding compares with that of an earlier verdict, what needs a look first."""

    NEW = "new"
    REGRESSED = "regressed"
    UNCHANGED = "unchanged"
    WAIVED = "waived"
    FIXED = "fixed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Compared:
    """One subject that fails or is unknown now, or was before.

    Args:
        change: *new*: nothing was said of it before; *regressed*: it was better before;
            *unchanged*: it was no better before; *waived*: somebody answers for it now; *fixed*:
            it was looked at and is in order now; *gone*: nothing is said of it any more.
        control: id of the control.
        address: of the subject.
        origin: what was looked at, before and now.
        before: status in the earlier verdict; None when it is not in there.
        now: status in this verdict; None when it is not in here.
        note: why it is gone; empty otherwise.
    """

    change: Change
    control: str
    address: str
    origin: Origin
    before: Status | None
    now: Status | None
    note: str = ""

    @property
    def key(self) -> tuple[str, str, Origin]:
        """What makes it the same finding in both verdicts; a fingerprint and an origin."""
        return (self.control, self.address, self.origin)

    @property
    def known(self) -> bool:
        """Whether it is a failure that was a failure before."""
        return self.before is Status.FAIL and self.now is Status.FAIL


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict beside an earlier one.

    Args:
        stack: of the earlier verdict.
        stage: of the earlier verdict.
        time: of the earlier verdict; may be empty.
        plan_hash: of the earlier verdict; may be empty.
        changes: in the order of `Change`, then by control, address and origin.
        fail_on_new: whether failures that were failures before do not block.
        notes: what could not be compared, one line each.
    """

    stack: str
    stage: str
    time: str = ""
    plan_hash: str = ""
    changes: tuple[Compared, ...] = ()
    fail_on_new: bool = False
    notes: tuple[str, ...] = ()

    def of(self, change: Change) -> tuple[Compared, ...]:
        """The subjects with one kind of change."""
        return tuple(item for item in self.changes if item.change is change)

    def as_dict(self) -> dict[str, Any]:
        """JSON form, with the number of each kind of change."""
        data = as_data(self)
        listed = {name: data.pop(name) for name in ("changes", "notes")}
        counts = {change.value: len(self.of(change)) for change in Change}
        return {**data, "counts": counts, **listed}
