"""Runs the live checks over a deployment: findings, evidence, and what could not be told.

It fails closed. A check that cannot read answers *unknown*; a crash is a problem that makes the
verdict undecided; a check without subjects is *not exercised*; nothing deployed is a problem.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from revet.gate.waivers import waive
from revet.model.control import ControlMeta
from revet.model.errors import CatalogError, RevetError
from revet.model.finding import Finding, Origin, Outcome, Status, noncompliant, unknown
from revet.model.requirement import Evidence, Judged, RequirementSet
from revet.model.verdict import Waiver, by_type
from revet.verify.catalog import ANY_TYPE, LiveCheck
from revet.verify.looked_at import with_parts
from revet.verify.operations import iam_action
from revet.verify.reader import (
    MissingResourceError,
    ReadDeniedError,
    Reader,
    UnreachableError,
)
from revet.verify.subject import Deployment, Subject


@dataclass(frozen=True, slots=True)
class LiveResult:
    """What the live checks found out.

    Args:
        findings: one for each check and subject, in the order of `Finding.sort_key`.
        evidence: for every requirement that must be judged live.
        problems: why the whole cannot be decided, one line each.
        controls: description of every check that ran.
        not_exercised: ids of the checks that had no subject.
        unused: waivers that hold and covered nothing here.
        not_looked_at: Terraform type to the addresses of the deployed resources that nothing but
            tags and names was judged of.
    """

    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    problems: tuple[str, ...] = ()
    controls: tuple[ControlMeta, ...] = ()
    not_exercised: tuple[str, ...] = ()
    unused: tuple[Waiver, ...] = ()
    not_looked_at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Gathered:
    findings: list[Finding] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def verify_live(
    deployment: Deployment,
    reader: Reader,
    *,
    checks: Mapping[str, LiveCheck],
    controls: Mapping[str, ControlMeta],
    origin: Origin,
    requirements: RequirementSet | None = None,
    waivers: Collection[Waiver] = (),
    today: dt.date | None = None,
) -> LiveResult:
    """Judge what is deployed.

    Args:
        deployment: resources and outputs, from the Terraform state.
        reader: read-only access to the account; a new one for each run.
        checks: the live checks, from `load_checks`.
        controls: id to the description of each control that was selected, with the settings that
            the gate judged with (`gate.selection.Selected.meta`): a check takes its severity,
            texts and settings from there. A check of an unselected control does not run.
        origin: `Origin.EMULATED` or `Origin.REAL`; evidence carries it.
        requirements: the rows that need evidence.
        waivers: findings that somebody answers for; a control's waiver covers its live check too.
        today: the day for which waivers must hold; today in UTC by default.

    Returns:
        Findings, evidence and problems.

    Raises:
        UnreachableError: no answer came from AWS.
        CatalogError: there are no checks at all.
    """
    if not checks:
        raise CatalogError(
            "no live checks to run", expected="at least one", do="load the catalogue"
        )
    gathered = _Gathered()
    if not deployment.subjects:
        gathered.problems.append("nothing is deployed: the state holds no managed resource")
    remembered = _Remembered(reader)
    described: list[ControlMeta] = []
    idle: list[str] = []
    seen: set[str] = set()
    for check in checks.values():
        meta = controls.get(check.id)
        if meta is None:
            continue
        described.append(meta)
        chosen = {name: meta.settings[name] for name in check.settings & set(meta.settings)}
        chosen = {name: value for name, value in chosen.items() if value is not None}
        subjects = _in_scope(check, deployment) if check.required <= set(chosen) else ()
        if not subjects:
            idle.append(check.id)
        judged = []
        for subject in subjects:
            outcome = _answer(check, subject, remembered, chosen, gathered.problems)
            if outcome is not None:
                gathered.findings.append(_finding(meta, subject, outcome, origin))
                judged.append(subject)
        if not meta.labels_only:
            things = [subject for subject in judged if isinstance(subject, Subject)]
            seen |= with_parts(things, deployment.subjects, check.parts)
    if not gathered.findings and not gathered.problems:
        gathered.problems.append("no live check had anything to judge")
    waived = waive(gathered.findings, waivers, today or dt.datetime.now(dt.UTC).date())
    findings = tuple(sorted(waived.findings, key=Finding.sort_key))
    return LiveResult(
        findings=findings,
        evidence=tuple(_evidence(requirements, checks, findings, origin)),
        problems=tuple(gathered.problems),
        controls=tuple(described),
        not_exercised=tuple(idle),
        unused=waived.unused,
        not_looked_at=by_type(
            (subject.type, subject.address)
            for subject in deployment.subjects
            if subject.address not in seen
        ),
    )


def _in_scope(check: LiveCheck, deployment: Deployment) -> tuple[Subject | Deployment, ...]:
    if not check.resources:
        return (deployment,) if deployment.subjects else ()
    return tuple(
        subject
        for subject in deployment.subjects
        if (subject.type in check.resources or ANY_TYPE in check.resources)
        and (check.applies is None or check.applies(subject))
    )


def _answer(
    check: LiveCheck,
    subject: Subject | Deployment,
    reader: _Remembered,
    chosen: Mapping[str, Any],
    problems: list[str],
) -> Outcome | None:
    if isinstance(subject, Subject) and not subject.region:
        return unknown(
            "the region of the resource is not known",
            resolve="verify with the plan at hand, or name the region of the provider",
        )
    try:
        outcome = check.rule(subject, _Scoped(reader, check), **chosen)
    except UnreachableError:
        raise
    except ReadDeniedError as error:
        outcome = unknown(f"`{error.action}` was denied", resolve=error.do)
    except MissingResourceError as error:
        outcome = noncompliant(f"it does not exist in the account: {error.got}")
    except RevetError as error:
        problems.append(f"{check.id} {_name(subject)}: {' · '.join(str(error).splitlines())}")
        return None
    except Exception as error:  # noqa: BLE001 - whatever a check raises is told as its crash
        problems.append(f"{check.id} {_name(subject)}: the check crashed: {error!r}")
        return None
    if isinstance(outcome, Outcome):
        return outcome
    problems.append(f"{check.id} {_name(subject)}: the check gave no answer")
    return None


def _name(subject: Subject | Deployment) -> str:
    return subject.address if isinstance(subject, Subject) else subject.name


def _finding(
    meta: ControlMeta, subject: Subject | Deployment, outcome: Outcome, origin: Origin
) -> Finding:
    return Finding(
        control=meta.id,
        address=_name(subject),
        status=outcome.status,
        severity=meta.severity,
        required=meta.required,
        implemented=outcome.why or "as required",
        impact=meta.impact,
        fix=outcome.fix or meta.fix,
        fix_construct=meta.fix_construct,
        paths=outcome.paths,
        related=outcome.related,
        resolve=outcome.resolve,
        origin=origin,
    )


def _evidence(
    requirements: RequirementSet | None,
    checks: Mapping[str, LiveCheck],
    findings: tuple[Finding, ...],
    origin: Origin,
) -> Iterator[Evidence]:
    """A row that names five controls is not met by the four that had something to look at."""
    for row in requirements.rows if requirements else ():
        if Judged.LIVE not in row.judged:
            continue
        for control in row.controls:
            seen = [finding for finding in findings if finding.control == control]
            for finding in seen:
                yield Evidence(
                    row.id,
                    Judged.LIVE,
                    control,
                    finding.address,
                    finding.status,
                    origin,
                    finding.waiver or finding.implemented,
                )
            if not seen:
                nothing = "nothing in its scope" if control in checks else "no live check"
                yield Evidence(
                    row.id, Judged.LIVE, control, "", Status.NOT_EXERCISED, origin, nothing
                )


class _Remembered:
    """Asks AWS the same thing once in a run."""

    __slots__ = ("_answers", "_reader")

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._answers: dict[str, dict[str, Any] | RevetError] = {}

    def call(
        self,
        service: str,
        operation: str,
        region: str,
        absent: tuple[str, ...],
        parameters: Mapping[str, object],
    ) -> dict[str, Any]:
        key = repr((service, operation, region, absent, sorted(parameters.items())))
        if key not in self._answers:
            try:
                self._answers[key] = self._reader.call(
                    service, operation, region=region, absent=absent, **parameters
                )
            except (ReadDeniedError, MissingResourceError) as error:
                self._answers[key] = error
        answer = self._answers[key]
        if isinstance(answer, RevetError):
            raise answer
        return answer


class _Scoped:
    """Lets one check make only the calls that it declares; so the verifier's policy is right."""

    __slots__ = ("_allowed", "_check", "_remembered")

    def __init__(self, remembered: _Remembered, check: LiveCheck) -> None:
        self._remembered = remembered
        self._check = check.id
        self._allowed = frozenset(action.lower() for action in check.actions)

    def call(
        self,
        service: str,
        operation: str,
        *,
        region: str,
        absent: tuple[str, ...] = (),
        **parameters: object,
    ) -> dict[str, Any]:
        """Send one reading call; see `Reader.call`."""
        action = iam_action(service, operation)
        if action not in self._allowed:
            raise CatalogError(
                "a live check made a call that it does not declare",
                where=f"`{self._check}`, {service}.{operation}",
                got=", ".join(f"`{name}`" for name in sorted(self._allowed)),
                expected=f"`{action}` among its actions",
                do="declare the action",
            )
        return self._remembered.call(service, operation, region, absent, parameters)
