"""What a judged plan says of requirements: in its constructs (C), resources (P), claims (X, A)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from revet.model.finding import Finding, Origin, Status, quoted
from revet.model.requirement import Evidence, Judged, Requirement
from revet.plan import ConstructRecord, Inventory, Reading


def evidence_from(
    rows: Iterable[Requirement], findings: Iterable[Finding], way: Judged, origin: Origin
) -> list[Evidence]:
    """Evidence from findings.

    Args:
        rows: the requirements; those that are not judged this way give none.
        findings: after the waivers.
        way: that they were found: in a plan or state, or live.
        origin: what was looked at.

    Returns:
        One for each requirement, control that it names and finding of that control. A control that
        found nothing in its scope gives one *not exercised*: a requirement that names five
        controls is not met by the four that had something to look at. Where the requirement says
        why that may be so, it is *waived* with that reason.
    """
    by_control: dict[str, list[Finding]] = {}
    for finding in findings:
        by_control.setdefault(finding.control, []).append(finding)

    def found(row: Requirement, control: str) -> list[Evidence]:
        return [
            Evidence(
                row.id, way, control, one.address, one.status, origin, one.waiver or one.implemented
            )
            for one in by_control.get(control, ())
        ] or [_uncovered(row, way, control, origin)]

    judged = (row for row in rows if way in row.judged)
    return [one for row in judged for control in row.controls for one in found(row, control)]


def construction_evidence(rows: Iterable[Requirement], inventory: Inventory) -> list[Evidence]:
    """Evidence from the constructs that the synthesis says it used.

    Args:
        rows: the requirements; those that are not judged by construction give none.
        inventory: without synthesis there is no evidence at all.

    Returns:
        One for each requirement, construct that it names and use of that construct: *pass*;
        *waived*, with the reason, where an argument gave up a control that the requirement names;
        *unknown* where the plan lacks a resource that the construct made, because then the two do
        not belong together; of several, one with `count` or `for_each` may come to none. A
        weakened default is told in every case.
        A construct that is not used gives one *not exercised*.
    """
    if inventory.synthesis is None:
        return []
    uses: dict[str, list[ConstructRecord]] = {}
    for record in inventory.synthesis.constructs:
        uses.setdefault(record.construct, []).append(record)
    planned = {f"{r.type}.{r.name}" for r in inventory.resources.values()}
    evidence: list[Evidence] = []
    for row in rows:
        if Judged.CONSTRUCTION not in row.judged:
            continue
        for construct in row.constructs:
            evidence += [
                _use(row, record, planned, inventory.synthesis.repeated)
                for record in uses.get(construct, ())
            ] or [_nothing(row, Judged.CONSTRUCTION, construct, Origin.SYNTHESIS, "not used")]
    return evidence


def evidence_of(
    rows: Iterable[Requirement],
    findings: Iterable[Finding],
    inventory: Inventory,
    origin: Origin,
    decided: tuple[Evidence, ...] = (),
) -> tuple[tuple[Evidence, ...], tuple[Judged, ...]]:
    """All evidence that an inventory gives, and the ways of judging that it must give evidence for.

    Args:
        rows: the requirements.
        findings: after the waivers.
        inventory: what was judged.
        origin: what was looked at.
        decided: the evidence of proofs and attacks.

    Returns:
        Evidence in the order of the requirements, and `(P,)`, `(C, P)` with a synthesis, or `(L,)`
        of an account; `X` and `A` with them where there is such evidence.
    """
    requirements = tuple(rows)
    way = Judged.LIVE if inventory.reading is Reading.ACCOUNT else Judged.PLAN
    evidence = construction_evidence(requirements, inventory)
    evidence += evidence_from(requirements, findings, way, origin)
    evidence += decided
    order: Mapping[str, int] = {row.id: number for number, row in enumerate(requirements)}
    evidence.sort(key=lambda item: order[item.requirement])
    expects = {way, *(item.judged for item in decided)}
    if inventory.synthesis is not None:
        expects.add(Judged.CONSTRUCTION)
    return tuple(evidence), tuple(sorted(expects, key=list(Judged).index))


def _use(
    row: Requirement, record: ConstructRecord, planned: Collection[str], repeated: Collection[str]
) -> Evidence:
    made = [name for name in record.resources if name in planned]
    missing = [name for name in record.resources if name not in planned and name not in repeated]
    missing = missing or ([] if made else [*record.resources])
    if missing:
        status = Status.UNKNOWN
        detail = f"the plan lacks {quoted(missing)}; plan and synthesis do not belong together"
    else:
        given_up = [
            item
            for item in record.weakened
            if item.gives_up is None or set(item.gives_up) & set(row.controls)
        ]
        status = Status.WAIVED if given_up else Status.PASS
        told = [f"weakened by `{item.argument}`: {item.reason}" for item in record.weakened]
        shown = [f"made {quoted(made)}"] if made else []
        detail = "; ".join(told + shown)
    return Evidence(
        row.id,
        Judged.CONSTRUCTION,
        record.construct,
        record.path,
        status,
        Origin.SYNTHESIS,
        detail,
    )


def _uncovered(row: Requirement, way: Judged, control: str, origin: Origin) -> Evidence:
    """What is said of a control that found nothing in its scope."""
    reason = row.uncovered.get(control)
    if reason is None:
        return _nothing(row, way, control, origin, "no resource in its scope")
    detail = f"not covered: {reason}"
    return Evidence(row.id, way, control, "", Status.WAIVED, origin, detail)


def _nothing(
    row: Requirement, judged: Judged, source: str, origin: Origin, detail: str
) -> Evidence:
    return Evidence(row.id, judged, source, "", Status.NOT_EXERCISED, origin, detail)
