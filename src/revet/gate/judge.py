"""Judge a plan: controls, waivers and requirements come to one verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

import revet
from revet.gate.attempted import attempt_all
from revet.gate.baseline import Baseline
from revet.gate.catalog import Catalog
from revet.gate.claims import ATTACK, PROPERTY, check_required
from revet.gate.engine import ControlRun, Settled, run_controls
from revet.gate.evidence import evidence_of
from revet.gate.proofs import prove_all
from revet.gate.properties import Property
from revet.gate.selection import select
from revet.gate.source_notes import source_notes, with_sources
from revet.gate.waivers import check_known, waive
from revet.model.attack import Attack
from revet.model.finding import Finding, Origin, Severity, Status
from revet.model.framework import Framework
from revet.model.requirement import RequirementSet
from revet.model.verdict import Provenance, Verdict, Waiver, by_type
from revet.model.work import Work, default_seconds
from revet.plan import Inventory

NOTHING = "nothing to judge"
"""Begins the problem of a verdict that there was nothing for."""


def judge(
    inventory: Inventory,
    catalog: Catalog,
    *,
    requirements: RequirementSet | None = None,
    waivers: Collection[Waiver] = (),
    baseline: Baseline | None = None,
    fail_on: Collection[Severity] = tuple(Severity),
    today: dt.date,
    stack: str,
    plan_hash: str = "",
    stage: str = "check",
    origin: Origin | None = None,
    work: Work | None = None,
    only: frozenset[str] | None = None,
    settled: Sequence[Settled] = (),
    frameworks: tuple[Framework, ...] = (),
    properties: Sequence[Property] = (),
    attacks: Sequence[Attack] = (),
) -> Verdict:
    """Judge a plan.

    It fails closed: a plan with nothing to judge, a catalogue without controls and a rule that
    crashes leave the verdict undecided; an unknown value blocks like a failure.

    Args:
        inventory: resources are judged as they will be after apply; those that do not change too.
        catalog: the controls.
        requirements: rows to gather evidence for, with settings; they add the controls they name.
        waivers: findings that somebody answers for.
        baseline: which controls run and with which settings; all with their defaults without one.
        fail_on: severities that block.
        today: the day for which waivers must hold.
        stack: name of the stack; the address of findings about the plan as a whole.
        plan_hash: SHA-256 of the saved plan file; that of the plan's JSON when empty.
        stage: `check`, `rehearse`, `deploy`, `verify` or `audit`.
        origin: of findings and evidence: emulated or real for an account; by default plan or state.
        work: the time limit for asking the controls; by default one that grows with the plan. A
            verdict for which it was too short is undecided, and says where the time went.
        only: addresses of the resources that are judged, the others are what rules join to; all
            by default.
        settled: resources that are not in the inventory, with what is said of them.
        frameworks: whose rows the verdict speaks of; they add no control and decide nothing.
        properties: what must hold for all requests; each proves one of the requirements.
        attacks: requests and what they must meet with; each is for one of the requirements.

    Returns:
        The verdict, with every finding (passes too), and with the evidence of construction, plan,
        proofs and attacks. Its time is left empty: the caller knows the clock.

    Raises:
        ConfigError: baseline, requirements or waivers name a control or setting that does not
            exist, or give a value of the wrong type; a property or an attack is for no requirement.
    """
    check_known(waivers, catalog)
    rows = requirements.rows if requirements else ()
    check_required(PROPERTY, properties, rows)
    check_required(ATTACK, attacks, rows)
    work = work or Work(default_seconds(len(inventory.resources)))
    selected = select(catalog, baseline, requirements)
    seen_at = origin or Origin(inventory.reading.value)
    judged = run_controls(
        inventory,
        selected,
        subject=stack,
        origin=seen_at,
        work=work,
        only=only,
        settled=settled,
    )
    waived = waive(with_sources(judged.findings, inventory.sources), waivers, today)
    findings = tuple(sorted(waived.findings, key=Finding.sort_key))
    proved = prove_all(properties, inventory, seen_at, work)
    attempted = attempt_all(attacks, inventory, seen_at, work)
    decided = (*proved.evidence, *attempted.evidence)
    evidence, expects = evidence_of(rows, findings, inventory, seen_at, decided)
    return Verdict(
        provenance=_provenance(inventory, stack=stack, stage=stage, plan_hash=plan_hash),
        findings=findings,
        requirements=rows,
        evidence=evidence,
        controls=tuple(choice.meta for choice in selected),
        fail_on=tuple(severity for severity in Severity if severity in fail_on),
        problems=(
            *_nothing_to_judge(inventory, catalog, judged),
            *judged.problems,
            *proved.problems,
            *attempted.problems,
        ),
        expired=waived.expired,
        unused=waived.unused,
        expects=expects,
        frameworks=frameworks,
        not_looked_at=by_type(
            (resource.type, resource.address)
            for resource in inventory.resources.values()
            if resource.address not in judged.seen and (only is None or resource.address in only)
        ),
    )


def _nothing_to_judge(
    inventory: Inventory, catalog: Catalog, judged: ControlRun
) -> tuple[str, ...]:
    if not catalog:
        return ("the catalogue is empty: there is nothing to judge by",)
    if not inventory.resources:
        only = f"only deletes {len(inventory.deleted)}" if inventory.deleted else "is empty"
        rest = "it leaves no managed resource" if inventory.deleted else "it has no resource"
        return (f"{NOTHING}: the {inventory.reading} {only}, {rest}",)
    unused = all(finding.status is Status.NOT_EXERCISED for finding in judged.findings)
    if unused and not judged.problems:
        return (f"{NOTHING}: no control has a resource in its scope",)
    return ()


def _provenance(inventory: Inventory, *, stack: str, stage: str, plan_hash: str) -> Provenance:
    versions = {"revet": revet.__version__, "terraform": inventory.terraform_version}
    notes = {}
    if inventory.deleted:
        addresses = ", ".join(sorted(inventory.deleted))
        notes["deletes"] = f"{len(inventory.deleted)}: {addresses}"
    if inventory.sources:
        notes |= source_notes(inventory.sources)
    return Provenance(
        stack=stack,
        stage=stage,
        plan_hash=plan_hash or inventory.sha256,
        synthesis_hash=inventory.synthesis.sha256 if inventory.synthesis else "",
        versions=versions | dict(inventory.provider_versions),
        notes=notes,
        reading=inventory.reading.value,
    )
