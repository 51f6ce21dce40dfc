"""The engine loses nothing: every answer, every doubt and every crash is in what it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from revet.gate.catalog import Control, catalog_of
from revet.gate.engine import ControlRun, run_controls
from revet.gate.selection import select
from revet.model.finding import Outcome, Severity, Status, compliant, noncompliant
from revet.model.requirement import RequirementSet
from revet.plan import Inventory, Resource, load_plan

MakePlan = Callable[..., dict[str, Any]]
MakeControl = Callable[..., Control]
TWO = {"aws_s3_bucket": {"a": {"bucket": "a"}, "b": {"bucket": "b"}}}


def yes(resource: Resource, inventory: Inventory) -> Outcome:
    return compliant("fine")


def only_a(resource: Resource, inventory: Inventory) -> Outcome:
    if resource.get("bucket") == "a":
        return compliant()
    return noncompliant("not a", paths=("bucket",), related=("x.y",))


def crash(resource: Resource, inventory: Inventory) -> Outcome:
    if resource.name == "a":
        return compliant()
    message = "oh"
    raise KeyError(message)


def nothing(resource: Resource, inventory: Inventory) -> Outcome:
    return None  # type: ignore[return-value]


def waived_by_itself(resource: Resource, inventory: Inventory) -> Outcome:
    return Outcome(Status.WAIVED)


def of_plan(inventory: Inventory, *, names: tuple[str, ...] = ("x",)) -> Outcome:
    return compliant() if set(names) <= set(inventory.outputs) else noncompliant("missing")


def needs(inventory: Inventory, *, names: tuple[str, ...]) -> Outcome:
    return compliant()


def run(
    plan: dict[str, Any], *controls: Control, settings: dict[str, Any] | None = None
) -> ControlRun:
    asked = RequirementSet("test", (), settings or {})
    selected = select(catalog_of(controls), None, asked)
    return run_controls(load_plan(plan), selected, subject="stack")


def test_every_resource_gets_its_finding(make_plan: MakePlan, make_control: MakeControl) -> None:
    result = run(make_plan(TWO), make_control(only_a))
    assert [(f.address, f.status) for f in result.findings] == [
        ("aws_s3_bucket.b", Status.FAIL),
        ("aws_s3_bucket.a", Status.PASS),
    ]
    failed = result.findings[0]
    assert failed.implemented == "not a"
    assert failed.required == "something is on"
    assert failed.fix == "something = true"
    assert failed.severity is Severity.HIGH
    assert failed.paths == ("bucket",)
    assert failed.related == ("x.y",)
    assert result.problems == ()


def test_an_unknown_value_is_unknown_with_path_and_remedy(
    make_plan: MakePlan, make_control: MakeControl
) -> None:
    plan = make_plan({"aws_s3_bucket": {"a": {"bucket": "${terraform_data.later.output}"}}})
    [finding] = run(plan, make_control(only_a)).findings
    assert finding.status is Status.UNKNOWN
    assert "aws_s3_bucket.a.bucket" in finding.implemented
    assert finding.paths == ("aws_s3_bucket.a.bucket",)
    assert finding.resolve


def test_a_crash_is_a_problem_and_loses_nothing_else(
    make_plan: MakePlan, make_control: MakeControl
) -> None:
    result = run(make_plan(TWO), make_control(crash))
    assert [finding.address for finding in result.findings] == ["aws_s3_bucket.a"]
    [problem] = result.problems
    assert problem.startswith("test-thing aws_s3_bucket.b: the rule crashed with KeyError: 'oh'")
    assert "test_engine.py:" in problem


@pytest.mark.parametrize("rule", [nothing, waived_by_itself])
def test_no_answer_is_a_problem(
    make_plan: MakePlan, make_control: MakeControl, rule: Callable[..., Outcome]
) -> None:
    result = run(make_plan(TWO), make_control(rule))
    assert result.findings == ()
    assert len(result.problems) == 2
    assert "gave no answer" in result.problems[0]


def test_a_scope_that_crashes_is_a_problem(make_plan: MakePlan, make_control: MakeControl) -> None:
    def scope(resource: Resource) -> bool:
        return bool(1 / (resource.name == "a"))

    result = run(make_plan(TWO), make_control(yes, applies=scope))
    assert [finding.address for finding in result.findings] == ["aws_s3_bucket.a"]
    assert "ZeroDivisionError" in result.problems[0]


def test_a_scope_restricts(make_plan: MakePlan, make_control: MakeControl) -> None:
    control = make_control(yes, applies=lambda resource: resource.name == "a")
    assert [f.address for f in run(make_plan(TWO), control).findings] == ["aws_s3_bucket.a"]


def test_every_type(make_plan: MakePlan, make_control: MakeControl) -> None:
    plan = make_plan({**TWO, "aws_kms_key": {"k": {"description": "k"}}})
    assert len(run(plan, make_control(yes, resource="*")).findings) == 3
    assert len(run(plan, make_control(yes, resource=("aws_kms_key",))).findings) == 1


def test_the_plan_as_a_whole(make_plan: MakePlan, make_control: MakeControl) -> None:
    [finding] = run(make_plan(TWO, {"x": "1"}), make_control(of_plan, resource=None)).findings
    assert (finding.address, finding.status) == ("stack", Status.PASS)
    settings = {"test-thing": {"names": ["y"]}}
    [finding] = run(
        make_plan(TWO, {"x": "1"}), make_control(of_plan, resource=None), settings=settings
    ).findings
    assert finding.status is Status.FAIL


def test_without_a_setting_that_it_needs_it_is_not_exercised(
    make_plan: MakePlan, make_control: MakeControl
) -> None:
    [finding] = run(make_plan(TWO), make_control(needs, resource=None)).findings
    assert finding.status is Status.NOT_EXERCISED
    assert "`names`" in finding.implemented
    assert "[settings.test-thing]" in finding.resolve


def test_a_broken_policy_is_unknown(make_plan: MakePlan, make_control: MakeControl) -> None:
    def reads(resource: Resource, inventory: Inventory) -> Outcome:
        return compliant() if resource.policy("policy") else noncompliant("none")

    bucket = {"a": {"bucket": "a", "policy": "no JSON"}}
    [finding] = run(make_plan({"aws_s3_bucket": bucket}), make_control(reads)).findings
    assert finding.status is Status.UNKNOWN
    assert finding.resolve


@pytest.mark.parametrize("actions", [["no-op"], ["update"], ["delete", "create"]])
def test_what_stays_is_judged(
    make_plan: MakePlan, make_control: MakeControl, actions: list[str]
) -> None:
    plan = make_plan(TWO)
    for change in plan["resource_changes"]:
        change["change"]["actions"] = actions
        change["change"]["before"] = change["change"]["after"]
    assert len(run(plan, make_control(yes)).findings) == 2


def test_what_goes_is_not_judged(make_plan: MakePlan, make_control: MakeControl) -> None:
    plan = make_plan(TWO)
    change = plan["resource_changes"][0]["change"]
    change.update(actions=["delete"], before=change["after"], after=None, after_unknown={})
    assert [f.address for f in run(plan, make_control(yes)).findings] == ["aws_s3_bucket.b"]


def test_deprecated_controls_do_not_run(make_plan: MakePlan, make_control: MakeControl) -> None:
    assert run(make_plan(TWO), make_control(yes, deprecated="s3-other")).findings == ()
