"""What the gate says of a plan of a suite."""

from __future__ import annotations

import datetime as dt

from tests.mutations.mutation import Suite
from tests.mutations.sources import Json, Sources

from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.finding import Status
from revet.model.verdict import Verdict
from revet.plan import load_plan

CATALOG = load_catalog()


def verdict_of(suite: Suite, plan: Json, sources: Sources) -> Verdict:
    """The verdict of a plan, with the synthesis that it was planned from."""
    inventory = load_plan(plan, sources.configuration)
    judged = [name for name in inventory.resources if name.partition("[")[0] not in suite.beside]
    verdict = judge(
        inventory,
        CATALOG,
        requirements=suite.requirements,
        today=dt.date(2026, 1, 1),
        stack=suite.name,
        only=frozenset(judged) if suite.beside else None,
    )
    assert verdict.problems == ()
    assert any(finding.status is Status.PASS for finding in verdict.findings)
    return verdict


def not_passed(verdict: Verdict) -> dict[tuple[str, str], str]:
    """Control and address to the status of what did not pass."""
    return {
        (finding.control, finding.address): finding.status.value
        for finding in verdict.findings
        if finding.status in (Status.FAIL, Status.UNKNOWN)
    }
