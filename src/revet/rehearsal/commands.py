"""Parts of the road, one command each, over the same working folder."""

from __future__ import annotations

from collections.abc import Sequence

import revet
from revet.files import PLAN
from revet.model.errors import UsageError
from revet.model.verdict import Decision, Provenance, Verdict
from revet.plan import load_plan
from revet.rehearsal import stages
from revet.rehearsal.assembly import floor_notes
from revet.rehearsal.holdings import forget, made_by_others, read_holdings
from revet.rehearsal.session import Session, begin, keep_verdict
from revet.rehearsal.stack_input import StackInput
from revet.target.events import Observer, silent


def check(session: Session, stack: StackInput, observe: Observer = silent) -> Verdict:
    """Plan on a target and judge the plan; nothing is deployed.

    Args:
        session: the stack's working folder and where it would land.
        stack: the stack and what it is judged against.
        observe: told what happens.

    Raises:
        RevetError: a step failed.
    """
    run = begin(session, stack, observe)
    verdict = run.identified(stages.plan_and_judge(run, "check").verdict)
    keep_verdict(run.folder, verdict)
    return verdict


def deploy(session: Session, stack: StackInput, observe: Observer = silent) -> Verdict:
    """Plan, judge, and apply the plan if the gate allows it; goes on from the state.

    Args:
        session: the stack's working folder and where it lands.
        stack: the stack and what it is judged against.
        observe: told what happens.

    Returns:
        The gate's verdict; its notes say whether anything was deployed.

    Raises:
        TargetError: Terraform failed; the state holds what has been made, and running it again
            goes on from there.
        InterruptedRunError: the user stopped it; the same holds.
        RevetError: another step failed.
    """
    run = begin(session, stack, observe)
    gated = stages.plan_and_judge(run, "deploy")
    if gated.verdict.decision is Decision.ALLOWED:
        stages.apply(run, gated)
        stages.read_state(run)
        run.remarks.notes["deployed"] = str(gated.saved.changes)
        run.remarks.notes.update(floor_notes(gated.saved, run.steps.seconds))
    else:
        run.remarks.notes["not deployed"] = "the gate does not allow this plan"
    stages.keep_calls(run)
    return run.finish(gated.verdict)


def verify(
    session: Session, stack: StackInput, observe: Observer = silent, *, beside: bool = False
) -> Verdict:
    """Judge what is deployed by what AWS answers; nothing is changed.

    Args:
        session: the working folder of its deployment, and where it was deployed.
        stack: the stack and what it is judged against.
        observe: told what happens.
        beside: whether whatever else is read of the account is judged, too.

    Raises:
        UsageError: nothing was ever deployed from this folder.
        RevetError: a step failed.
    """
    _require_deployed(session, stack)
    run = begin(session, stack, observe)
    plan = load_plan(run.folder / PLAN)
    return run.finish(stages.verify(run, stages.read_state(run), plan, beside=beside))


def destroy(session: Session, stack: StackInput, observe: Observer = silent) -> Verdict:
    """Destroy what is deployed, and say what is left.

    Args:
        session: the working folder of its deployment, and where it was deployed.
        stack: the stack.
        observe: told what happens.

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
    _require_deployed(session, stack)
    run = begin(session, stack, observe)
    known = read_holdings(run.folder)
    held_before = stages.deployed(run)
    stages.destroy(run)
    run.remarks.kept_in(stages.deployed(run))
    found = run.target.leftovers()
    run.remarks.destroyed(held_before, found, known, made_by_others(run.folder))
    stages.keep_calls(run)
    verdict = run.finish(Verdict(_provenance(stack.name, "destroy"), fail_on=stack.fail_on))
    if verdict.decision is Decision.ALLOWED:
        forget(run.folder)
    return verdict


def cleared(session: Session, stack: str, found: str) -> Verdict:
    """The verdict of a destroy that had only a killed rehearsal to clean up.

    Args:
        session: the stack's working folder.
        stack: its name.
        found: what was there and is gone.
    """
    verdict = Verdict(_provenance(stack, "destroy", {"cleared": found}))
    keep_verdict(session.folder, verdict)
    return verdict


def passed_over(session: Session, stack: str, stage: str, lacking: Sequence[str]) -> Verdict:
    """The verdict on a stack for which nothing was done, since one that it needs is not there.

    Args:
        session: the stack's working folder.
        stack: its name.
        stage: what was not done.
        lacking: names of the stacks that it needs and that are not deployed.
    """
    names = ", ".join(f"`{name}`" for name in lacking)
    are = "is" if len(lacking) == 1 else "are"
    verdict = Verdict(
        _provenance(stack, stage),
        problems=(f"not judged: {names}, which it needs, {are} not deployed",),
    )
    keep_verdict(session.folder, verdict)
    return verdict


def _require_deployed(session: Session, stack: StackInput) -> None:
    if not (session.folder / PLAN).is_file():
        raise UsageError(
            "nothing was deployed from here",
            where=str(session.folder),
            got="no saved plan",
            expected=f"a deployment of `{stack.name}` on this target",
            do=f"`revet deploy {stack.name}` first, with the same `--target`",
        )


def _provenance(stack: str, stage: str, notes: dict[str, str] | None = None) -> Provenance:
    return Provenance(stack, stage, versions={"revet": revet.__version__}, notes=notes or {})
