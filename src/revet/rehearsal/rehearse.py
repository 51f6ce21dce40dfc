"""The whole road over one stack, on a target, leaving nothing behind."""

from __future__ import annotations

from collections.abc import Callable

from revet.model.errors import BlockedError, InterruptedRunError, RevetError
from revet.model.verdict import Decision, Verdict
from revet.rehearsal import stages
from revet.rehearsal.assembly import floor_notes, with_drift, with_flow, with_live
from revet.rehearsal.holdings import forget
from revet.rehearsal.session import Run, Session, begin
from revet.rehearsal.stack_input import StackInput
from revet.rehearsal.stages import GatedPlan
from revet.target.events import Event, Observer, silent

_DISCARDED = "the rehearsal's own embedded AWS is discarded with everything in it"


def _nothing(_verdict: Verdict) -> None:
    """What happens between the deployment of a stack and its destruction, as a rule."""


def rehearse(
    session: Session,
    stack: StackInput,
    observe: Observer = silent,
    *,
    keep: bool = False,
    between: Callable[[Verdict], None] = _nothing,
) -> Verdict:
    """Plan, judge, apply, verify, plan again, send a flow, destroy, and look at what is left.

    Only a plan that the gate allows is applied. Whatever fails after that, what was made is
    destroyed, and the verdict says both. What an earlier run left in the state is destroyed first,
    except on a disposable target: what it holds is what is deployed, and is updated. The target
    is started and not stopped; a disposable one is the caller's to throw away.

    Args:
        session: the stack's working folder and where it is rehearsed.
        stack: the stack and what it is judged against.
        observe: told what happens.
        keep: leave what was deployed, for `verify` and `destroy` to go on from.
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
        TargetError: Terraform failed before anything was made.
    """
    try:
        run = begin(session, stack, observe)
        if session.cleared:
            run.remarks.notes["cleared"] = session.cleared
        verdict = _walk(run, between, keep=keep)
        return run.finish(verdict)
    except (InterruptedRunError, KeyboardInterrupt) as error:
        raise _stopped(session, stack, error) from error


def _walk(run: Run, between: Callable[[Verdict], None], *, keep: bool) -> Verdict:
    if run.target.disposable:
        _note_update(run)
    else:
        _clear(run)
    before = run.target.leftovers()
    gated = stages.plan_and_judge(run, "rehearse")
    verdict, notes = gated.verdict, run.remarks.notes
    if verdict.decision is Decision.ALLOWED:
        verdict = _deployed(run, gated)
        if not run.remarks.problems:
            between(verdict)
        if keep:
            notes["kept"] = f"`revet destroy {run.stack.name}` takes it down"
        else:
            _clean(run, before)
        notes.update(floor_notes(gated.saved, run.steps.seconds))
    else:
        notes["not deployed"] = "the gate does not allow this plan"
    stages.keep_calls(run)
    return verdict


def _clear(run: Run) -> None:
    """Destroy what an earlier run that was stopped or killed has left in the state."""
    left = stages.deployed(run)
    if not left:
        return
    text = f"{len(left)} resources of an earlier run are destroyed first"
    run.steps.observe(Event("note", "clear", detail=text))
    run.remarks.notes["cleared"] = text
    with run.steps.terraform("clear"):
        run.terraform.destroy()


def _note_update(run: Run) -> None:
    """Say so when the copy that is rehearsed on holds the stack already."""
    there = stages.deployed(run)
    if there:
        text = (
            f"{len(there)} resources as they are deployed, in a copy: what is rehearsed is their "
            "update; of what a destroy leaves, only what is new can be told"
        )
        run.steps.observe(Event("note", "copy", detail=f"begins from {text}"))
        run.remarks.notes["begun from"] = text


def _deployed(run: Run, gated: GatedPlan) -> Verdict:
    """Everything between apply and destroy; a step that fails ends it and is told."""
    verdict = gated.verdict
    step = "apply"
    try:
        stages.apply(run, gated)
        step = "outputs"
        state = stages.read_state(run)
        step = "verify"
        live = stages.verify(run, state, gated.plan)
        verdict = with_live(verdict, live, gated.plan.resources)
        step = "second plan"
        verdict = with_drift(verdict, stages.plan_again(run))
        step = "flow"
        verdict = with_flow(verdict, stages.send_flow(run, state))
    except (InterruptedRunError, BlockedError):
        raise
    except RevetError as error:
        run.remarks.failed(step, error)
    except Exception as error:  # noqa: BLE001 - what was made must be destroyed; it is told
        run.remarks.problems.append(f"{step} crashed: {error!r}")
    return verdict


def _clean(run: Run, before: list[str] | None) -> None:
    """Destroy, and make sure of it; whatever cannot be confirmed is told as a problem."""
    remarks = run.remarks
    try:
        stages.destroy(run)
        with run.steps.ours("leftovers"):
            left = stages.deployed(run)
            found = run.target.leftovers()
    except InterruptedRunError:
        raise
    except RevetError as error:
        remarks.failed("destroy", error)
        if run.target.disposable:
            remarks.notes["left after destroy"] = f"not known; {_DISCARDED}"
        else:
            remarks.problems.append(
                "CLEAN-UP NOT CONFIRMED: resources may still exist; "
                f"`revet destroy {run.stack.name}` goes on"
            )
        return
    remarks.kept_in(left)
    remarks.left_behind(found, before)
    if not remarks.problems:
        forget(run.folder)


def _stopped(session: Session, stack: StackInput, error: BaseException) -> InterruptedRunError:
    got = error.got if isinstance(error, InterruptedRunError) else ""
    again = f"`revet rehearse {stack.name}`"
    if session.target.disposable:
        got = f"nothing is left; {_DISCARDED}"
        do = f"{again} starts over"
    else:
        do = f"{again} cleans up and starts over, `revet destroy {stack.name}` only cleans up"
    return InterruptedRunError(
        error.what if isinstance(error, InterruptedRunError) else "the run was stopped",
        where=f"rehearsal of `{stack.name}`",
        got=got or "what was deployed, if anything, is still there and in the state",
        do=do,
    )
