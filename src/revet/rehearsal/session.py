"""The session of one command over one stack: lock, clean-up, target and run.

`hold` locks the working folder and cleans up what a killed run has left in it. `begin` starts the
target and Terraform: from there on there is a run, in which `stages` does one step after the other.
`Run.finish` writes the verdict. When the block of `hold` ends, the folder is free again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from revet.files import (
    REPORT,
    STATE,
    VERDICT,
    make_working_folder,
    private_folder,
    replace_file,
)
from revet.model.verdict import Verdict
from revet.rehearsal.assembly import Remarks, with_remarks
from revet.rehearsal.begun import begin_state
from revet.rehearsal.disposable import discard
from revet.rehearsal.errored import restore
from revet.rehearsal.lock import only_run
from revet.rehearsal.stack_input import StackInput
from revet.rehearsal.steps import Steps
from revet.report import render_html, render_json
from revet.target.base import Target
from revet.target.events import Event, Observer, silent
from revet.target.guard import prepare
from revet.target.permits import NOTHING
from revet.target.terraform import Terraform

TERRAFORM_DATA = "terraform"
"""Terraform's data folder, in the private folder: it names the programs that Terraform starts."""


@dataclass(frozen=True, slots=True)
class Session:
    """A working folder that is held, and the target that its stack lands on.

    Args:
        folder: the working folder, `.revet/<stack>/<target>/`; nobody else works in it.
        target: where the stack lands; started by `begin`.
        inherit: open files for the programs that work in the folder, which keep it held as long as
            they live.
        cleared: what a killed run had left there and is cleaned up now; empty for nothing.
    """

    folder: Path
    target: Target
    inherit: tuple[int, ...] = ()
    cleared: str = ""

    @property
    def state(self) -> Path | None:
        """The Terraform state file; None where a backend of the configuration's own keeps it."""
        backend = self.target.backend_override(self.folder / STATE)
        return Path(backend["local"]["path"]) if backend else None


@contextmanager
def hold(
    folder: Path, action: str, target: Target, observe: Observer = silent
) -> Iterator[Session]:
    """Hold a working folder while the block runs, cleaned of what a killed run has left.

    Args:
        folder: the working folder of one stack on one target; made if need be.
        action: what is being done, told to whoever comes second.
        target: where the stack lands.
        observe: told what is waited for, and what was cleaned up.

    Raises:
        UsageError: another run works in the folder.
        TargetError: what a killed run has left running does not end.
        PrerequisiteError: the folder cannot be written to, or a link in it leads elsewhere.
    """
    make_working_folder(folder)
    with only_run(folder, action, observe) as inherit:
        cleared = discard(private_folder(folder))
        if cleared:
            observe(Event("note", "lock", detail=cleared))
        yield Session(folder, target, inherit, cleared)


@dataclass(frozen=True, slots=True)
class Run:
    """One run over a stack.

    Args:
        stack: the stack.
        target: where it lands; started.
        folder: its working folder.
        state: the Terraform state file; None where a backend of the configuration's own keeps it.
        steps: measures the steps.
        terraform: in the stack's folder, with the target's environment and backend.
        today: the day for which waivers must hold.
        remarks: what there is to say beyond gate and live checks.
    """

    stack: StackInput
    target: Target
    folder: Path
    state: Path | None
    steps: Steps
    terraform: Terraform
    today: dt.date
    remarks: Remarks = field(default_factory=Remarks)

    def identified(self, verdict: Verdict) -> Verdict:
        """A verdict with target, account, region and time in its provenance."""
        provenance = replace(
            verdict.provenance,
            target=self.target.name,
            account=self.target.account(),
            region=self.stack.region,
            time=dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            seconds=dict(self.steps.seconds),
            versions={**verdict.provenance.versions, **self.terraform.versions()},
        )
        return replace(verdict, provenance=provenance)

    def finish(self, verdict: Verdict) -> Verdict:
        """The whole verdict, written to `verdict.json` and `report.html` in the working folder.

        Args:
            verdict: of gate and live checks.
        """
        whole = with_remarks(self.identified(verdict), self.remarks)
        keep_verdict(self.folder, whole)
        return whole


def begin(session: Session, stack: StackInput, observe: Observer = silent) -> Run:
    """Start the target, put the backend in place and initialize Terraform.

    Args:
        session: the working folder and the target.
        stack: the stack.
        observe: told what happens.

    Raises:
        PrerequisiteError: Terraform, the provider or an extra is missing.
        InputError: the stack's folder holds no configuration, or the Terraform state there was
            not begun by this user's revet.
        TargetError: the target cannot be started, or Terraform failed.
    """
    folder, target = session.folder, session.target
    steps = Steps(observe)
    if stack.synth_seconds:
        steps.seconds["synth"] = stack.synth_seconds
    with steps.ours("start"):
        target.start()
    root = stack.root or stack.directory
    state = session.state
    wall = None  # for a run that the user has allowed more than Terraform and the AWS provider
    if stack.permits == NOTHING:
        wall = target.wall((root, folder, *([state.parent] if state else ())))
    terraform = Terraform(
        stack.directory,
        environment=target.environment(),
        observe=steps.relay,
        hold=session.inherit,
        lifeline=target.lifeline,
        wall=wall,
        data=private_folder(folder) / TERRAFORM_DATA,
    )
    if restore(folder, state):
        observe(Event("note", "start", detail="the state that a failed run kept is restored"))
    if state is not None and not target.disposable:
        begin_state(folder)
    with steps.terraform("init"):
        prepare(
            terraform, target, stack.permits, state=folder / STATE, root=root, observe=steps.relay
        )
    today = dt.datetime.now(dt.UTC).date()
    return Run(stack, target, folder, state, steps, terraform, today)


def keep_verdict(folder: Path, verdict: Verdict) -> None:
    """Write `verdict.json` and `report.html`.

    Args:
        folder: the working folder.
        verdict: the whole verdict.
    """
    replace_file(folder / VERDICT, render_json(verdict))
    replace_file(folder / REPORT, render_html(verdict))
