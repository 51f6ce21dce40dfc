"""A destroy that leaves something of its stack is never 0, and one of another stack does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.rehearsal.walks import deploy, destroy, rehearse

from revet.gate.baseline import Baseline
from revet.model.errors import InputError, InterruptedRunError, TargetError
from revet.model.verdict import Decision
from revet.rehearsal import errored
from revet.rehearsal.holdings import FILE, read_holdings, staying
from revet.rehearsal.stack_input import StackInput

World = Any  # of conftest.py
Target = Any


@pytest.fixture
def stack(road: StackInput) -> StackInput:
    return replace(road, baseline=Baseline("small", controls=("logs-group-retention",)))


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / ".revet" / "small" / "embedded"


def _log_group_of_a_function(world: World, work: Path) -> None:
    del work
    world.exists.append("logs: /aws/lambda/f")


def _removed_from_the_state(world: World, work: Path) -> None:
    del work
    world.state.clear()
    world.survives_destroy = True  # Terraform does not know it any more


def _record_lost(world: World, work: Path) -> None:
    (work / FILE).unlink()
    _log_group_of_a_function(world, work)


LEAVING: dict[str, Callable[[World, Path], None]] = {
    "a log group that a function made": _log_group_of_a_function,
    "a resource that was removed from the state, or a lost state": _removed_from_the_state,
    "the record was lost too": _record_lost,
}


@pytest.mark.parametrize("how", list(LEAVING))
def test_what_is_left_is_named_and_the_destroy_is_undecided(
    how: str, stack: StackInput, target: Target, world: World, work: Path
) -> None:
    deploy(stack, target, work)
    LEAVING[how](world, work)
    verdict = destroy(stack, target, work)
    assert verdict.decision is Decision.UNDECIDED
    assert verdict.decision.exit_code == 2
    left = "logs: app" if "state" in how else "logs: /aws/lambda/f"
    assert left in verdict.provenance.notes["left after destroy"]
    assert left in verdict.problems[0]
    again = destroy(stack, target, work)
    assert again.decision is Decision.UNDECIDED, "asking again does not make it right"


def test_after_it_was_deleted_by_hand_the_destroy_is_done(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    deploy(stack, target, work)
    world.exists.append("s3: access-logs")
    assert destroy(stack, target, work).decision is Decision.UNDECIDED
    world.exists.remove("s3: access-logs")
    assert destroy(stack, target, work).decision is Decision.ALLOWED
    assert not (work / FILE).exists()


def test_what_another_stack_has_made_since_is_not_left_behind(
    stack: StackInput, target: Target, world: World, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(stack, target, work)
    other = work.parents[1] / "other" / "embedded"
    with monkeypatch.context() as patch:
        patch.setattr(world, "does", _making(world, "s3: of the other"))
        deploy(stack, target, other)
    world.exists.remove("logs: app")  # the fake Terraform makes it for each stack
    verdict = destroy(stack, target, work)
    assert verdict.decision is Decision.ALLOWED, verdict.problems
    assert "s3: of the other" in verdict.provenance.notes["still in the target"]


def _making(world: World, name: str) -> Callable[[str], None]:
    def does(step: str) -> None:
        world.done.append(step)
        if step == "apply":
            world.exists.append(name)

    return does


def test_the_record_of_another_stack_excuses_nothing_of_ones_own(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    """Two that were deployed at the same time have both seen what each of them made."""
    deploy(stack, target, work)
    other = work.parents[1] / "other" / "embedded"
    world.exists.remove("logs: app")
    deploy(stack, target, other)
    world.survives_destroy = True
    assert destroy(stack, target, work).decision is Decision.UNDECIDED


@pytest.mark.parametrize("how", ["edited", "of another stack", "cut off", "empty"])
def test_a_record_that_revet_did_not_write_is_refused(
    how: str, stack: StackInput, target: Target, world: World, work: Path
) -> None:
    deploy(stack, target, work)
    record = work / FILE
    content = record.read_bytes()
    if how == "of another stack":
        other = work.parents[1] / "other" / "embedded"
        deploy(stack, target, other)
        shutil.copy(other / FILE, record)
    else:
        planted = {
            "edited": content.replace(b"iam: of", b"iam: if"),
            "cut off": content[:-3],
            "empty": b"",
        }
        record.write_bytes(planted[how])
    world.done.clear()
    with pytest.raises(InputError, match="revet did not write this"):
        destroy(stack, target, work)
    assert "destroy" not in world.done


def test_a_planted_record_of_another_stack_excuses_nothing(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    deploy(stack, target, work)
    world.exists.append("logs: /aws/lambda/f")
    planted = work.parents[1] / "evil" / "embedded"
    planted.mkdir(parents=True)
    (planted / FILE).write_bytes(
        bytes(32) + b'{"before": [], "made": ["logs: /aws/lambda/f"], "addresses": []}'
    )
    assert destroy(stack, target, work).decision is Decision.UNDECIDED


@pytest.mark.parametrize("error", [TargetError("no"), InterruptedRunError("stop")])
def test_what_a_failed_apply_has_made_is_known(
    error: BaseException, stack: StackInput, target: Target, world: World, work: Path
) -> None:
    world.errors["apply"] = error
    with pytest.raises(type(error)):
        deploy(stack, target, work)
    known = read_holdings(work)
    assert known is not None
    assert known.before == frozenset({"iam: of another stack"})
    assert known.made == frozenset({"logs: app"})


def test_a_rehearsal_that_is_kept_is_recorded_and_one_that_cleans_up_is_not(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    rehearse(stack, target, work)
    assert not (work / FILE).exists()
    world.done.clear()
    rehearse(stack, target, work, keep=True)
    assert (work / FILE).exists()
    assert destroy(stack, target, work).decision is Decision.ALLOWED


def test_a_target_that_cannot_list_is_believed_what_its_state_held(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    world.lists = False
    deploy(stack, target, work)
    verdict = destroy(stack, target, work)
    assert verdict.decision is Decision.ALLOWED
    assert "cannot be looked at" in verdict.provenance.notes["left after destroy"]
    again = destroy(stack, target, work)
    assert again.decision is Decision.UNDECIDED
    assert "the state held nothing to destroy" in again.problems[0]


def test_where_the_target_cannot_list_the_state_must_hold_what_was_deployed(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    world.lists = False
    deploy(stack, target, work)
    world.state[:] = ["aws_cloudwatch_log_group.another"]
    verdict = destroy(stack, target, work)
    assert verdict.decision is Decision.UNDECIDED
    assert "aws_cloudwatch_log_group.app" in verdict.problems[0]


def test_what_aws_keeps_is_shown_with_its_source(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    deploy(stack, target, work)
    world.state.append('module.a["x"].aws_kms_key.k[0]')
    notes = destroy(stack, target, work).provenance.notes
    assert "pending deletion" in notes['AWS keeps module.a["x"].aws_kms_key.k[0]']


def test_what_aws_deletes_at_once_is_not_kept() -> None:
    gone = [
        "aws_s3_bucket.aws_kms_key",
        'module.a["aws_kms_key.k"].aws_sns_topic.t',
        "aws_secretsmanager_secret.a",
    ]
    assert staying(gone) == {}


def _state(serial: int, lineage: str = "a") -> str:
    return f'{{"version": 4, "serial": {serial}, "lineage": "{lineage}", "resources": []}}'


def test_a_state_that_could_not_be_written_is_kept_and_named(
    stack: StackInput, target: Target, world: World, work: Path
) -> None:
    (stack.directory / errored.FILE).write_text(_state(2))
    world.errors["apply"] = TargetError("Failed to save state")
    with pytest.raises(TargetError, match="could not write its state") as caught:
        deploy(stack, target, work)
    assert caught.value.where == str(work / errored.FILE)
    assert "`revet deploy small`" in caught.value.do
    assert (work / errored.FILE).read_text() == _state(2)
    with pytest.raises(TargetError, match="does not follow"):
        destroy(stack, target, work)  # the fake target keeps its state elsewhere


@pytest.mark.parametrize(
    ("there", "restored"),
    [
        (None, True),
        ("", True),
        (_state(2)[:20], True),
        (_state(1), True),
        (_state(2), False),
        (_state(3), False),
        (_state(1, "b"), False),
    ],
    ids=["none", "empty", "cut off", "older", "the same", "newer", "of another lineage"],
)
def test_a_state_that_was_kept_is_put_in_the_place_of_an_older_one(
    there: str | None,
    restored: bool,  # noqa: FBT001 - a table
    tmp_path: Path,
) -> None:
    (tmp_path / errored.FILE).write_text(_state(2))
    state = tmp_path / "terraform.tfstate"
    if there is not None:
        state.write_text(there)
    if restored:
        assert errored.restore(tmp_path, state)
        assert state.read_text() == _state(2)
        assert not errored.restore(tmp_path, state)
    else:
        with pytest.raises(TargetError, match="does not follow"):
            errored.restore(tmp_path, state)
        assert state.read_text() == there
