"""What the rehearsal does when something goes wrong, step by step."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.rehearsal.walks import deploy, destroy, rehearse, verify

from revet.gate.baseline import Baseline
from revet.gate.frameworks import named_frameworks
from revet.model.errors import (
    EmbeddedError,
    InterruptedRunError,
    RevetError,
    TargetError,
    UsageError,
)
from revet.model.finding import Origin, Status
from revet.model.framework import framework_results
from revet.model.requirement import Judged, Requirement, RequirementSet
from revet.model.verdict import Decision
from revet.rehearsal.assembly import DRIFT
from revet.rehearsal.stack_input import StackInput
from revet.target.events import Event
from revet.target.saved_plan import Changes

World = Any  # of conftest.py
Target = Any

RETENTION = Baseline("small", controls=("logs-group-retention",))
KEYS = Baseline("small", controls=("logs-group-encryption",))
STEPS = ["start", "init", "plan", "judge", "apply", "outputs", "verify", "second plan", "destroy"]


@pytest.fixture
def stack(road: StackInput) -> StackInput:
    return replace(road, baseline=RETENTION)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work"


def test_the_whole_road(stack: StackInput, target: Target, world: World, work: Path) -> None:
    seen: list[Event] = []
    rows = RequirementSet(
        "rows",
        (
            Requirement(
                "R-1",
                "kept",
                (Judged.PLAN, Judged.PROOF, Judged.LIVE, Judged.ATTACK),
                (),
                ("logs-group-retention",),
            ),
        ),
    )
    verdict = rehearse(replace(stack, requirements=rows), target, work, seen.append)

    assert verdict.decision is Decision.ALLOWED, (verdict.problems, verdict.blockers)
    order = [step for step in world.done if step not in ("leftovers", "state")]
    deploying = ["plan", "confirm", "apply", "verify", "second plan", "confirm", "destroy"]
    assert order == ["start", "init", *deploying]
    assert list(verdict.provenance.seconds) == [*STEPS, "leftovers"]
    assert verdict.provenance.versions["registry.terraform.io/hashicorp/aws"] == "5.100.0"
    assert verdict.expects == (Judged.PLAN, Judged.LIVE)
    [row] = verdict.matrix
    assert [(cell.judged.value, cell.status) for cell in row.cells] == [
        ("P", Status.PASS),
        ("X", Status.NOT_EXERCISED),
        ("L", Status.PASS),
        ("A", Status.NOT_EXERCISED),
    ]
    assert {finding.control for finding in verdict.findings} == {"logs-group-retention", DRIFT.id}
    assert verdict.provenance.notes["left after destroy"] == "nothing"
    assert verdict.provenance.notes["apply floor"].startswith("0 s; measured")
    assert json.loads((work / "outputs.json").read_text("utf-8")) == {"group": "app"}
    kept = json.loads((work / "verdict.json").read_text("utf-8"))
    assert kept == verdict.as_dict()
    assert json.loads((work / "check.json").read_text("utf-8"))["decision"] == "allowed"
    assert (work / "plan.json").is_file()
    assert ("step_done", "second plan") in [(event.kind, event.step) for event in seen]


def test_a_verdict_keeps_the_frameworks_that_were_asked_for(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    frameworks = named_frameworks(["pci_dss"])
    verdict = rehearse(replace(stack, frameworks=frameworks), target, work)
    assert verdict.frameworks == frameworks
    [item] = framework_results(verdict)
    [row] = [row for row in item.rows if row.row.id == "10.5.1"]
    [answer] = row.evidence
    assert answer.control == "logs-group-retention"
    assert answer.origins == (Origin.PLAN,)
    assert row.not_run == ("logs-group-exported", "s3-bucket-lifecycle")
    kept = json.loads((work / "verdict.json").read_text(encoding="utf-8"))
    assert [one["id"] for one in kept["frameworks"]] == ["pci_dss"]


def test_a_blocked_plan_is_not_applied(
    road: StackInput, target: Target, world: World, work: Path
) -> None:
    world.keyless = True
    verdict = rehearse(replace(road, baseline=KEYS), target, work)
    assert verdict.decision is Decision.BLOCKED
    assert "apply" not in world.done
    assert "destroy" not in world.done
    assert "not deployed" in verdict.provenance.notes


@pytest.mark.parametrize("step", ["apply", "state", "verify", "second plan"])
def test_after_a_failed_step_everything_is_destroyed(
    stack: StackInput, target: Target, world: World, work: Path, step: str
) -> None:
    world.errors[step] = TargetError("it broke", got="for a reason")
    if step == "state":  # the first look is for what an earlier run has left
        first = iter([None, world.errors.pop(step)])
        original = world.does

        def does(name: str) -> None:
            original(name)
            error = next(first, None) if name == "state" else None
            if error:
                raise error

        world.does = does
    verdict = rehearse(stack, target, work)
    assert verdict.decision is Decision.UNDECIDED
    assert any("it broke; got: for a reason" in problem for problem in verdict.problems)
    assert "destroy" in world.done
    assert world.exists == ["iam: of another stack"]
    assert not any("CLEAN" in problem for problem in verdict.problems)


def test_even_after_a_crash_of_our_own_everything_is_destroyed(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    world.errors["verify"] = ZeroDivisionError("a defect")
    verdict = rehearse(stack, target, work)
    assert verdict.problems == ("verify crashed: ZeroDivisionError('a defect')",)
    assert world.exists == ["iam: of another stack"]


@pytest.mark.parametrize("step", ["start", "init", "plan"])
def test_an_error_before_anything_was_made_is_raised(
    stack: StackInput, target: Target, world: World, work: Path, step: str
) -> None:
    world.errors[step] = TargetError("it broke")
    with pytest.raises(TargetError, match="it broke"):
        rehearse(stack, target, work)
    assert "destroy" not in world.done


def test_a_failed_destroy_is_loud(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    world.errors["destroy"] = TargetError("AWS said no")
    verdict = rehearse(stack, target, work)
    assert verdict.decision is Decision.UNDECIDED
    assert any("AWS said no" in problem for problem in verdict.problems)
    assert any(
        "CLEAN-UP NOT CONFIRMED" in problem and "revet destroy small" in problem
        for problem in verdict.problems
    )


def test_a_destroy_that_leaves_something_in_the_state_is_loud(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    world.survives_destroy = True
    verdict = rehearse(stack, target, work)
    assert any(
        "NOT CLEANED UP" in problem and "aws_cloudwatch_log_group.app" in problem
        for problem in verdict.problems
    )


def test_what_terraform_does_not_know_of_is_found(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    def observe(event: Event) -> None:
        if (event.kind, event.step) == ("step_done", "verify"):
            world.exists.append("logs: made by nobody")

    verdict = rehearse(stack, target, work, observe)
    assert any("logs: made by nobody" in problem for problem in verdict.problems)
    assert not any("another stack" in problem for problem in verdict.problems)


def test_a_target_that_stops_answering_leaves_the_clean_up_unconfirmed(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    def observe(event: Event) -> None:
        if (event.kind, event.step) == ("step_start", "leftovers"):
            world.errors["leftovers"] = EmbeddedError("no answer")

    verdict = rehearse(stack, target, work, observe)
    assert any("CLEAN-UP NOT CONFIRMED" in problem for problem in verdict.problems)


def test_a_target_that_cannot_list_says_so(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    world.lists = False
    verdict = rehearse(stack, target, work)
    assert verdict.decision is Decision.ALLOWED
    assert verdict.provenance.notes["left after destroy"].startswith("not looked at")


def test_drift_blocks(stack: StackInput, target: Target, world: World, work: Path) -> None:
    world.second = Changes(update=("aws_cloudwatch_log_group.app",))
    verdict = rehearse(stack, target, work)
    assert verdict.decision is Decision.BLOCKED
    [blocker] = verdict.blockers
    assert blocker.startswith(f"{DRIFT.id} aws_cloudwatch_log_group.app")
    assert "destroy" in world.done


def test_keep_leaves_everything_and_says_how_to_go_on(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    verdict = rehearse(stack, target, work, keep=True)
    assert verdict.decision is Decision.ALLOWED
    assert "destroy" not in world.done
    assert "revet destroy small" in verdict.provenance.notes["kept"]


def test_what_an_earlier_run_left_is_destroyed_first(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    world.state.append("aws_cloudwatch_log_group.app")
    world.exists.append("logs: app")
    verdict = rehearse(stack, target, work)
    assert verdict.decision is Decision.ALLOWED
    assert world.done.index("destroy") < world.done.index("plan")
    assert "1 resources" in verdict.provenance.notes["cleared"]
    assert "clear" in verdict.provenance.seconds


@pytest.mark.parametrize(
    "error",
    [InterruptedRunError("apply was stopped", got="the state holds it"), KeyboardInterrupt()],
)
def test_an_interrupt_destroys_nothing_and_says_how_to_go_on(
    stack: StackInput, target: Target, world: World, work: Path, error: BaseException
) -> None:
    world.errors["apply"] = error
    with pytest.raises(InterruptedRunError) as caught:
        rehearse(stack, target, work)
    assert caught.value.exit_code == 130
    assert "revet rehearse small" in caught.value.do
    assert "revet destroy small" in caught.value.do
    assert "destroy" not in world.done
    assert rehearse(stack, target, work).decision is Decision.ALLOWED
    assert world.exists == ["iam: of another stack"]


def test_a_second_run_is_refused_and_disturbs_nothing(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    refused: list[RevetError] = []

    def observe(event: Event) -> None:
        if (event.kind, event.step) == ("step_done", "verify"):
            with pytest.raises(UsageError) as caught:
                rehearse(stack, target, work)
            refused.append(caught.value)

    verdict = rehearse(stack, target, work, observe)
    assert verdict.decision is Decision.ALLOWED
    assert "another run" in refused[0].what
    assert world.done.count("apply") == 1


def test_deploy_verify_destroy_go_on_from_each_other(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    deployed = deploy(stack, target, work)
    assert deployed.decision is Decision.ALLOWED
    assert deployed.provenance.stage == "deploy"
    assert deployed.provenance.notes["deployed"] == "1 to create"
    verified = verify(stack, target, work)
    assert verified.decision is Decision.ALLOWED
    assert verified.provenance.stage == "verify"
    assert [finding.control for finding in verified.findings] == ["logs-group-retention"]
    destroyed = destroy(stack, target, work)
    assert destroyed.decision is Decision.ALLOWED
    assert world.state == []
    assert destroyed.provenance.notes["still in the target"] == "iam: of another stack"


def test_deploy_of_a_blocked_plan_applies_nothing(
    road: StackInput, target: Target, world: World, work: Path
) -> None:
    world.keyless = True
    verdict = deploy(replace(road, baseline=KEYS), target, work)
    assert verdict.decision is Decision.BLOCKED
    assert "apply" not in world.done


def test_a_destroy_that_leaves_something_is_undecided(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    deploy(stack, target, work)
    world.survives_destroy = True
    assert destroy(stack, target, work).decision is Decision.UNDECIDED


@pytest.mark.parametrize("command", [verify, destroy])
def test_there_is_nothing_to_go_on_from_before_a_deploy(
    stack: StackInput,
    target: Target,
    work: Path,
    command: Any,  # noqa: ANN401 - one of two functions
) -> None:
    with pytest.raises(UsageError, match="revet deploy small"):
        command(stack, target, work)
