"""What is judged only when there is something to judge by, and what a plan merely forgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from revet.gate.baseline import Baseline, load_baseline
from revet.gate.catalog import catalog_of, load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.finding import Status, compliant
from revet.model.requirement import Judged, Requirement, RequirementSet
from revet.plan import load_plan

MakePlan = Callable[..., dict[str, Any]]
STATE = "terraform-state-backend"
ASKED = RequirementSet("test", (Requirement("T-1", "state", (Judged.PLAN,), controls=(STATE,)),))
LOCAL: dict[str, Any] = {"terraform": {"backend": {"local": {}}}}


@pytest.mark.parametrize(
    ("synthesis", "baseline", "requirements", "statuses"),
    [
        (None, load_baseline("default"), None, []),
        (None, load_baseline("default"), ASKED, [Status.UNKNOWN]),
        (None, Baseline("own", controls=(STATE,)), None, [Status.UNKNOWN]),
        (LOCAL, load_baseline("default"), None, [Status.FAIL]),
        (LOCAL, Baseline("own", without=(STATE,)), None, []),
    ],
)
def test_the_state_is_judged_where_it_is_shown_or_asked_for(
    make_plan: MakePlan,
    synthesis: dict[str, Any] | None,
    baseline: Baseline,
    requirements: RequirementSet | None,
    statuses: list[Status],
) -> None:
    """A plan of hand-written configuration is not blocked for what nobody can see in it."""
    plan = load_plan(make_plan({"aws_s3_bucket": {"data": {"bucket": "data"}}}), synthesis)
    judged = run_controls(plan, select(load_catalog(), baseline, requirements), subject="plan")
    assert [f.status for f in judged.findings if f.control == STATE] == statuses
    assert all("--synth" in f.resolve for f in judged.findings if f.status is Status.UNKNOWN)


def test_a_crash_while_the_scope_is_asked_for_is_a_problem(
    make_plan: MakePlan, make_control: Callable[..., Any]
) -> None:
    def rule(inventory: Any) -> Any:  # noqa: ANN401 - read for its parameters only
        return compliant(str(inventory))

    def applies(_plan: object) -> bool:
        raise ZeroDivisionError

    catalog = catalog_of((make_control(rule, resource=None, applies=applies),))
    plan = load_plan(make_plan({"aws_s3_bucket": {"data": {"bucket": "data"}}}))
    judged = run_controls(plan, select(catalog, None, None), subject="plan")
    assert judged.findings == ()
    assert "ZeroDivisionError" in judged.problems[0]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("aws_security_group_rule", {"type": "egress", "cidr_blocks": ["0.0.0.0/0"]}),
        ("aws_vpc_security_group_ingress_rule", {"cidr_ipv6": "::/0"}),
    ],
)
@pytest.mark.parametrize(
    ("actions", "status"), [(["forget"], Status.FAIL), (["delete"], Status.PASS)]
)
def test_a_forgotten_rule_stays_open(
    make_plan: MakePlan, kind: str, values: dict[str, Any], actions: list[str], status: Status
) -> None:
    plan = make_plan({"aws_security_group": {"app": {"name": "app"}}})
    [group] = plan["resource_changes"]
    group["change"]["after"]["id"] = "sg-1"
    del group["change"]["after_unknown"]["id"]
    change = {"before": {**values, "security_group_id": "sg-1"}, "after": None, "actions": actions}
    plan["resource_changes"].append(
        {"address": f"{kind}.old", "mode": "managed", "type": kind, "name": "old", "change": change}
    )
    catalog = load_catalog(only=["ec2-security-group-open"])
    judged = run_controls(load_plan(plan), select(catalog, None, None), subject="plan")
    assert judged.problems == ()
    assert [finding.status for finding in judged.findings] == [status]
