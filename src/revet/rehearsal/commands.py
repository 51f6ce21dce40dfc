"""Parts of the road, one command each, over the same working folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import revet
from revet.model.errors import UsageError
from revet.model.verdict import Decision, Provenance, Verdict
from revet.plan import load_plan
from revet.rehearsal import stages
from revet.rehearsal.assembly import Told, floor_notes, with_notes
from revet.rehearsal.holdings import forget, made_by_others, read_holdings
from revet.rehearsal.lock import Held, only_run
from revet.rehearsal.road import Folder, RoadInput
from revet.rehearsal.stages import Run
from revet.rehearsal.steps import Steps
from revet.target.base import Target
from revet.target.events import Observer, silent


def check(
    road: RoadInput,
    target: Target,
    workdir: Path,
    observe: Observer = silent,
    held: Held | None = None,
) -> Verdict:
    """Plan on a target and judge the plan; nothing is deployed.

    Args:
        road: the stack and what it is judged against.
        target: where it would land.
        workdir: the working folder of this stack on this target; made if need be.
        observe: told what happens.
        held: the working folder's lock, when the caller has taken it.

    Raises:
        RevetError: a step failed.
    """
    folder = Folder(workdir)
    folder.make()
    with only_run(workdir, f"check {road.stack}", held, observe) as lock:
        run = stages.begin(road, target, folder, Steps(observe), lock)
        verdict = stages.identified(run, stages.plan_and_judge(run, "check").verdict)
        folder.keep_verdict(verdict)
    return verdict


def deploy(
    road: RoadInput,
    target: Target,
    workdir: Path,
    observe: Observer = silent,
    held: Held | None = None,
) -> Verdict:
    """Plan, judge, and apply the plan if the gate allows it; goes on from the state.

    Args:
        road: the stack and what it is judged against.
        target: where it lands.
        workdir: the working folder of this stack on this target; made if need be.
        observe: told what happens.
        held: the working folder's lock, when the caller has taken it.

    Returns:
        The gate's verdict; its notes say whether anything was deployed.

    Raises:
        TargetError: Terraform failed; the state holds what has been made, and running it again
            goes on from there.
        InterruptedRunError: the user stopped it; the same holds.
        RevetError: another step failed.
    """
    folder = Folder(workdir)
    folder.make()
    with only_run(workdir, f"deploy {road.stack}", held, observe) as lock:
        told = Told()
        run = stages.begin(road, target, folder, Steps(observe), lock)
        judged = stages.plan_and_judge(run, "deploy")
        if judged.verdict.decision is Decision.ALLOWED:
            stages.apply(run, judged)
            stages.read_state(run)
            told.notes["deployed"] = str(judged.saved.changes)
            told.notes.update(floor_notes(judged.saved, run.steps.seconds))
        else:
            told.notes["not deployed"] = "the gate does not allow this plan"
        stages.keep_calls(run)
        verdict = with_notes(stages.identified(run, judged.verdict), told)
        folder.keep_verdict(verdict)
    return verdict


def verify(
    road: RoadInput,
    target: Target,
    workdir: Path,
    observe: Observer = silent,
    held: Held | None = None,
    *,
    beside: bool = False,
) -> Verdict:
    """Judge what is deployed by what AWS answers; nothing is changed.

    Args:
        road: the stack and what it is judged against.
        target: where it was deployed.
        workdir: the working folder of its deployment.
        observe: told what happens.
        held: the working folder's lock, when the caller has taken it.
        beside: whether whatever else is read of the account is judged, too.

    Raises:
        UsageError: nothing was ever deployed from this folder.
        RevetError: a step failed.
    """
    folder = _existing(road, workdir)
    with only_run(workdir, f"verify {road.stack}", held, observe) as lock:
        run = stages.begin(road, target, folder, Steps(observe), lock)
        plan = load_plan(folder.plan_json)
        verdict = stages.verify(run, stages.read_state(run), plan, beside=beside)
        verdict = with_notes(stages.identified(run, verdict), Told())
        folder.keep_verdict(verdict)
    return verdict


def destroy(
    road: RoadInput,
    target: Target,
    workdir: Path,
    observe: Observer = silent,
    held: Held | None = None,
) -> Verdict:
    """Destroy what is deployed, and say what is left.

    Args:
        road: the stack.
        target: where it was deployed.
        workdir: the working folder of its deployment.
        observe: told what happens.
        held: the working folder's lock, when the caller has taken it.

    Returns:
        A verdict without findings: *undecided* when the state still holds something, when the
        target holds something that neither was there before the stack nor is of another one, or,
        where the target cannot list, when the state does not hold what was deployed. Its notes say
        what is left and what AWS keeps for a while.

    Raises:
        InputError: the record of what the stack has made cannot be believed; nothing was done.
        UsageError: nothing was ever deployed from this folder.
        RevetError: a step failed; the state holds what is left, and running it again goes on.
    """
    folder = _existing(road, workdir)
    with only_run(workdir, f"destroy {road.stack}", held, observe) as lock:
        told = Told()
        run = stages.begin(road, target, folder, Steps(observe), lock)
        known = read_holdings(workdir)
        held_before = stages.deployed(run)
        stages.destroy(run)
        left = stages.deployed(run)
        if left:
            told.problems.append(f"NOT CLEANED UP: the state still holds {', '.join(left)}")
        told.destroyed(held_before, run.target.leftovers(), known, made_by_others(workdir))
        stages.keep_calls(run)
        verdict = with_notes(stages.identified(run, _empty(run)), told)
        folder.keep_verdict(verdict)
        if verdict.decision is Decision.ALLOWED:
            forget(workdir)
    return verdict


def cleared(stack: str, workdir: Path, found: str) -> Verdict:
    """The verdict of a destroy that had only a killed rehearsal to clean up.

    Args:
        stack: its name.
        workdir: its working folder.
        found: what was there and is gone.
    """
    provenance = Provenance(
        stack, "destroy", versions={"revet": revet.__version__}, notes={"cleared": found}
    )
    verdict = Verdict(provenance=provenance)
    Folder(workdir).keep_verdict(verdict)
    return verdict


def passed_over(stack: str, workdir: Path, stage: str, lacking: Sequence[str]) -> Verdict:
    """The verdict on a stack for which nothing was done, since one that it needs is not there.

    Args:
        stack: its name.
        workdir: its working folder.
        stage: what was not done.
        lacking: names of the stacks that it needs and that are not deployed.
    """
    names = ", ".join(f"`{name}`" for name in lacking)
    are = "is" if len(lacking) == 1 else "are"
    verdict = Verdict(
        provenance=Provenance(stack, stage, versions={"revet": revet.__version__}),
        problems=(f"not judged: {names}, which it needs, {are} not deployed",),
    )
    Folder(workdir).keep_verdict(verdict)
    return verdict


def _existing(road: RoadInput, workdir: Path) -> Folder:
    folder = Folder(workdir)
    if not folder.plan_json.is_file():
        raise UsageError(
            "nothing was deployed from here",
            where=str(workdir),
            got="no saved plan",
            expected=f"a deployment of `{road.stack}` on this target",
            do=f"`revet deploy {road.stack}` first, with the same `--target`",
        )
    return folder


def _empty(run: Run) -> Verdict:
    """The verdict of a destroy, which judges nothing."""
    provenance = Provenance(run.road.stack, "destroy", versions={"revet": revet.__version__})
    return Verdict(provenance=provenance, fail_on=run.road.fail_on)
