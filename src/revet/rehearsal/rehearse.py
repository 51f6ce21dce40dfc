"""The whole road over one stack, on a target, leaving nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from revet.model.errors import BlockedError, InterruptedRunError, RevetError
from revet.model.verdict import Decision, Verdict
from revet.rehearsal import stages
from revet.rehearsal.assembly import Told, floor_notes, with_drift, with_live, with_notes
from revet.rehearsal.holdings import forget
from revet.rehearsal.lock import Held, only_run
from revet.rehearsal.road import Folder, RoadInput
from revet.rehearsal.stages import Judged, Run
from revet.rehearsal.steps import Steps
from revet.target.base import Target
from revet.target.events import Event, Observer, silent

_DISCARDED = "the rehearsal's own embedded AWS is discarded with everything in it"


def _nothing(_verdict: Verdict) -> None:
    """What happens between the deployment of a stack and its destruction, as a rule."""


def rehearse(
    road: RoadInput,
    target: Target,
    workdir: Path,
    observe: Observer = silent,
    *,
    keep: bool = False,
    held: Held | None = None,
    cleared: str = "",
    between: Callable[[Verdict], None] = _nothing,
) -> Verdict:
    """Plan, judge, apply, verify, plan again, destroy, and look at what is left.

    Only a plan that the gate allows is applied. Whatever fails after that, what was made is
    destroyed, and the verdict says both. What an earlier run left in the state is destroyed first,
    except on a disposable target: what it holds is what is deployed, and is updated. The target
    is started and not stopped; a disposable one is the caller's to throw away.

    Args:
        road: the stack and what it is judged against.
        target: where it is rehearsed.
        workdir: the working folder of this stack on this target; made if need be.
        observe: told what happens.
        keep: leave what was deployed, for `verify` and `destroy` to go on from.
        held: the working folder's lock, when the caller has taken it.
        cleared: what the caller has found of an earlier run and cleaned up, for the report.
        between: called with the verdict so far while everything is deployed, before it is
            destroyed: where stacks that build on this one are rehearsed. Not called when the gate
            does not allow the plan, or a step fails.

    Returns:
        The verdict of gate, live checks and second plan; *undecided* when a step failed, or when
        it is not certain that everything was destroyed. Written to `verdict.json` and
        `report.html` in the working folder too.

    Raises:
        InterruptedRunError: the user stopped it; nothing is destroyed then, and the message says
            how to go on.
        PrerequisiteError: Terraform, the provider or an extra is missing.
        ConfigError: what it is judged against is wrong.
        InputError: the stack's folder holds no configuration.
        UsageError: another run holds the folder.
        TargetError: Terraform failed before anything was made.
    """
    folder = Folder(workdir)
    folder.make()
    with only_run(workdir, f"rehearse {road.stack}", held, observe) as lock:
        told = Told(notes={"cleared": cleared} if cleared else {})
        try:
            verdict = _walk(road, target, folder, Steps(observe), lock, told, between, keep=keep)
        except (InterruptedRunError, KeyboardInterrupt) as error:
            raise _stopped(road, target, error) from error
        folder.keep_verdict(verdict)
    return verdict


def _walk(
    road: RoadInput,
    target: Target,
    folder: Folder,
    steps: Steps,
    held: Held,
    told: Told,
    between: Callable[[Verdict], None],
    *,
    keep: bool,
) -> Verdict:
    run = stages.begin(road, target, folder, steps, held)
    if target.disposable:
        _tell_update(run, told)
    else:
        _clear(run, told)
    before = target.leftovers()
    judged = stages.plan_and_judge(run, "rehearse")
    verdict = judged.verdict
    if verdict.decision is Decision.ALLOWED:
        verdict = _deployed(run, judged, told)
        if not told.problems:
            between(verdict)
        if keep:
            told.notes["kept"] = f"`revet destroy {road.stack}` takes it down"
        else:
            _clean(run, told, before)
        told.notes.update(floor_notes(judged.saved, steps.seconds))
    else:
        told.notes["not deployed"] = "the gate does not allow this plan"
    stages.keep_calls(run)
    return with_notes(stages.identified(run, verdict), told)


def _clear(run: Run, told: Told) -> None:
    """Destroy what an earlier run that was stopped or killed has left in the state."""
    left = stages.deployed(run)
    if not left:
        return
    text = f"{len(left)} resources of an earlier run are destroyed first"
    run.steps.observe(Event("note", "clear", detail=text))
    told.notes["cleared"] = text
    with run.steps.terraform("clear"):
        run.terraform.destroy()


def _tell_update(run: Run, told: Told) -> None:
    """Say so when the copy that is rehearsed on holds the stack already."""
    there = stages.deployed(run)
    if there:
        text = (
            f"{len(there)} resources as they are deployed, in a copy: what is rehearsed is their "
            "update; of what a destroy leaves, only what is new can be told"
        )
        run.steps.observe(Event("note", "copy", detail=f"begins from {text}"))
        told.notes["begun from"] = text


def _deployed(run: Run, judged: Judged, told: Told) -> Verdict:
    """Everything between apply and destroy; a step that fails ends it and is told."""
    verdict = judged.verdict
    step = "apply"
    try:
        stages.apply(run, judged)
        step = "outputs"
        state = stages.read_state(run)
        step = "verify"
        live = stages.verify(run, state, judged.plan)
        verdict = with_live(verdict, live, judged.plan.resources)
        step = "second plan"
        verdict = with_drift(verdict, stages.plan_again(run))
    except (InterruptedRunError, BlockedError):
        raise
    except RevetError as error:
        told.failed(step, error)
    except Exception as error:  # noqa: BLE001 - what was made must be destroyed; it is told
        told.problems.append(f"{step} crashed: {error!r}")
    return verdict


def _clean(run: Run, told: Told, before: list[str] | None) -> None:
    """Destroy, and make sure of it; whatever cannot be confirmed is told as a problem."""
    try:
        stages.destroy(run)
        with run.steps.ours("leftovers"):
            left = stages.deployed(run)
            found = run.target.leftovers()
    except InterruptedRunError:
        raise
    except RevetError as error:
        told.failed("destroy", error)
        if run.target.disposable:
            told.notes["left after destroy"] = f"not known; {_DISCARDED}"
        else:
            told.problems.append(
                "CLEAN-UP NOT CONFIRMED: resources may still exist; "
                f"`revet destroy {run.road.stack}` goes on"
            )
        return
    if left:
        told.problems.append(f"NOT CLEANED UP: the state still holds {', '.join(left)}")
    told.left_behind(found, before)
    if not told.problems:
        forget(run.folder.path)


def _stopped(road: RoadInput, target: Target, error: BaseException) -> InterruptedRunError:
    got = error.got if isinstance(error, InterruptedRunError) else ""
    if target.disposable:
        got = f"nothing is left; {_DISCARDED}"
    what = error.what if isinstance(error, InterruptedRunError) else "the run was stopped"
    return InterruptedRunError(
        what,
        where=f"rehearsal of `{road.stack}`",
        got=got or "what was deployed, if anything, is still there and in the state",
        do=f"`revet rehearse {road.stack}` starts over"
        if target.disposable
        else f"`revet rehearse {road.stack}` cleans up and starts over, "
        f"`revet destroy {road.stack}` only cleans up",
    )
