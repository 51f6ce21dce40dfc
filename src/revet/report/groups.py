"""Findings put together, so that a reader meets each thing once.

What fails is put together by control, since all its failures have requirement, impact and fix in
common. What is not known is put together by its cause: one value that the plan does not state can
leave many resources, and several controls, without an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from revet.model.finding import Finding, Severity, Status
from revet.report.words import grouped, seen

_NOT_KNOWN = " is not known: "


@dataclass(frozen=True, slots=True)
class Subject:
    """One resource of which one control says something.

    Args:
        findings: the answers that say it: of the plan, of a live check, or both; never empty.
        paths: attribute paths that an answer rests on and that what is said does not name.
    """

    findings: tuple[Finding, ...]
    paths: tuple[str, ...] = ()

    @property
    def finding(self) -> Finding:
        """The first answer; control, address and status are the same in all."""
        return self.findings[0]

    @property
    def related(self) -> tuple[str, ...]:
        """Addresses of other resources that an answer rests on."""
        return tuple(dict.fromkeys(name for item in self.findings for name in item.related))


@dataclass(frozen=True, slots=True)
class Cause:
    """Resources of which the same is said.

    Args:
        said: what was found, one line for each place that was looked at.
        waiver: reason and expiry of the waiver.
        subjects: in the order of their addresses.
    """

    said: tuple[str, ...]
    waiver: str
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """Resources that the same change repairs.

    Args:
        fix: what to write, in Terraform.
        fix_construct: what to write with revet's constructs.
        causes: what was found, and where.
    """

    fix: str
    fix_construct: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What one control says with one status.

    Args:
        control: its id.
        severity: of the control.
        required: the good state.
        impact: what the deviation makes possible.
        remedies: what repairs it, and where; most controls have one.
    """

    control: str
    severity: Severity
    required: str
    impact: str
    remedies: tuple[Remedy, ...]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """All resources in it."""
        return tuple(
            subject
            for remedy in self.remedies
            for cause in remedy.causes
            for subject in cause.subjects
        )


@dataclass(frozen=True, slots=True)
class Unknown:
    """One reason why something is not known, and all that it leaves without an answer.

    Args:
        said: what is not known, one line for each place that was looked at.
        resolve: what would make it known.
        groups: the controls without an answer, and where; of their causes only this one counts.
    """

    said: tuple[str, ...]
    resolve: str
    groups: tuple[Group, ...]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """All resources in it, one entry for each control."""
        return tuple(subject for group in self.groups for subject in group.subjects)


def by_control(findings: Iterable[Finding], status: Status) -> tuple[Group, ...]:
    """The findings with one status, by control.

    Args:
        findings: in any order.
        status: of those that are of interest.

    Returns:
        The most severe control first, then by id.
    """
    return _groups([_subject(members) for members in grouped(findings, (status,))])


def by_cause(findings: Iterable[Finding]) -> tuple[Unknown, ...]:
    """What is not known, by its cause.

    Args:
        findings: in any order.

    Returns:
        What leaves the most severe control without an answer first.
    """
    causes: dict[tuple[str, ...], list[Subject]] = {}
    for members in grouped(findings, (Status.UNKNOWN,)):
        subject = _subject(members)
        reason = tuple(_reason(item) for item in members)
        causes.setdefault((*reason, _resolve(subject)), []).append(subject)
    return tuple(_unknown(subjects) for subjects in causes.values())


def _groups(subjects: Iterable[Subject]) -> tuple[Group, ...]:
    controls: dict[tuple[str, Severity, str, str], list[Subject]] = {}
    for subject in subjects:
        found = subject.finding
        key = (found.control, found.severity, found.required, found.impact)
        controls.setdefault(key, []).append(subject)
    return tuple(Group(*key, remedies=_remedies(members)) for key, members in controls.items())


def _remedies(subjects: Iterable[Subject]) -> tuple[Remedy, ...]:
    fixes: dict[tuple[str, str], list[Subject]] = {}
    for subject in subjects:
        found = subject.finding
        fixes.setdefault((found.fix, found.fix_construct), []).append(subject)
    return tuple(Remedy(*key, causes=_causes(members)) for key, members in fixes.items())


def _causes(subjects: Iterable[Subject]) -> tuple[Cause, ...]:
    found: dict[tuple[tuple[str, ...], str], list[Subject]] = {}
    for subject in subjects:
        found.setdefault((_said(subject), subject.finding.waiver), []).append(subject)
    return tuple(Cause(*key, subjects=tuple(members)) for key, members in found.items())


def _subject(findings: tuple[Finding, ...]) -> Subject:
    subject = Subject(findings)
    said = " ".join(_said(subject))
    return Subject(findings, tuple(path for path in _paths(subject) if f"`{path}`" not in said))


def _unknown(subjects: list[Subject]) -> Unknown:
    """Of several values with one reason, each is said beside its resource."""
    first = subjects[0]
    if len({_said(subject) for subject in subjects}) == 1:
        return Unknown(_said(first), _resolve(first), _groups(subjects))
    said = tuple(f"not known: {_reason(item)}{seen(item.origin)}" for item in first.findings)
    apart = [Subject(subject.findings, _paths(subject)) for subject in subjects]
    return Unknown(said, _resolve(first), _groups(apart))


def _reason(finding: Finding) -> str:
    """Why something is not known, without the name of the value, which may be one of many."""
    if len(finding.paths) == 1:
        return finding.implemented.removeprefix(f"`{finding.paths[0]}`{_NOT_KNOWN}")
    return finding.implemented


def _said(subject: Subject) -> tuple[str, ...]:
    return tuple(f"{item.implemented}{seen(item.origin)}" for item in subject.findings)


def _paths(subject: Subject) -> tuple[str, ...]:
    """As read from the resource itself, where they begin with its address."""
    start = f"{subject.finding.address}."
    found = (path.removeprefix(start) for item in subject.findings for path in item.paths)
    return tuple(dict.fromkeys(found))


def _resolve(subject: Subject) -> str:
    return next((item.resolve for item in subject.findings if item.resolve), "")
