"""One verdict of all that a run found out: gate, live checks, drift, what was left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from importlib import metadata

from revet.model.control import ControlMeta
from revet.model.errors import RevetError
from revet.model.finding import Finding, Severity, Status
from revet.model.flow import FlowRun
from revet.model.requirement import Judged
from revet.model.verdict import Verdict, by_type
from revet.rehearsal.holdings import Holdings, staying
from revet.target.deployment_floor import Action, deployment_floor
from revet.target.saved_plan import Changes, SavedPlan

DRIFT = ControlMeta(
    id="terraform-second-plan",
    title="a second plan finds nothing to change",
    severity=Severity.HIGH,
    required="Planning again right after the apply changes no resource and no output.",
    impact="Every later run changes something nobody asked for, and hides what somebody did.",
    fix="# make the named argument equal to what AWS returns, or stop setting it elsewhere",
)
"""What the second plan is judged by; it belongs to the rehearsal and not to the catalogue."""

FLOW = ControlMeta(
    id="rehearsal-flow",
    title="what a client sends comes to what it should",
    severity=Severity.HIGH,
    required="Every step of `flow.toml` meets what it expects, and no policy denies a call.",
    impact="The stack is deployed as asked for, and does not do what it is for.",
    fix="# read the step: what it expects, what came, and which statement or layer denied",
)
"""What the steps of a flow are judged by; likewise."""

_DEPLOYING: tuple[Action, ...] = ("apply", "destroy")
_SHOWN = 20


@dataclass(slots=True)
class Remarks:
    """What a run has to say beyond gate and live checks.

    Args:
        problems: why the whole cannot be decided, or was not cleaned up, one line each.
        notes: label to text, for the provenance.
    """

    problems: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    def failed(self, step: str, error: RevetError) -> None:
        """Take down that a step failed.

        Args:
            step: its name.
            error: what happened.
        """
        parts = "; ".join(f"{name}: {_flat(text)}" for name, text in error.fields())
        self.problems.append(
            f"{step} failed: {_flat(error.what)}" + (f"; {parts}" if parts else "")
        )

    def kept_in(self, state: tuple[str, ...]) -> None:
        """Take down what the state still holds after a destroy.

        Args:
            state: addresses.
        """
        if state:
            self.problems.append(f"NOT CLEANED UP: the state still holds {', '.join(state)}")

    def left_behind(self, found: list[str] | None, before: list[str] | None) -> None:
        """Take down what is there after the destroy and was not before.

        Args:
            found: after the destroy; None when the target cannot list.
            before: before the apply; None when the target cannot list.
        """
        if found is None or before is None:
            self.notes["left after destroy"] = "not looked at: the target cannot list what exists"
            return
        left = sorted(set(found) - set(before))
        self.notes["left after destroy"] = _listed(left) or "nothing"
        if left:
            self.problems.append(f"{len(left)} things are left after destroy: {_listed(left)}")

    def destroyed(
        self,
        addresses: tuple[str, ...],
        found: list[str] | None,
        known: Holdings | None,
        others: frozenset[str],
    ) -> None:
        """Take down what a destroy has left of a stack.

        Args:
            addresses: what the state held before it.
            found: what the target holds after it; None when the target cannot list.
            known: what was written down as the stack was deployed; None when nothing was.
            others: what other stacks have made in the target.
        """
        for address, text in staying(addresses).items():
            self.notes[f"AWS keeps {address}"] = text
        if found is None:
            self._not_listed(addresses, known)
            return
        left = (known or Holdings()).left(found, others)
        self.notes["left after destroy"] = _listed(left) or "nothing"
        self.notes["still in the target"] = _listed(sorted(found)) or "nothing"
        if left:
            doubt = "" if known else "; what was there before it was deployed is not known"
            self.problems.append(
                f"{len(left)} things are left after destroy: {_listed(left)}{doubt}; `revet aws "
                "env` leads the `aws` command to them; delete them and destroy again"
            )

    def _not_listed(self, addresses: tuple[str, ...], known: Holdings | None) -> None:
        self.notes["left after destroy"] = (
            "nothing of what the state held; besides that the target cannot be looked at"
        )
        if not addresses:
            self.problems.append(
                "the state held nothing to destroy, and the target cannot list what exists: "
                "whether anything is deployed is not known"
            )
        gone = sorted((known.addresses if known else frozenset()) - set(addresses))
        if gone:
            self.problems.append(
                f"the state did not hold {len(gone)} resources that were deployed, which may still "
                f"exist: {_listed(gone)}; `terraform import` them and destroy again, or delete them"
            )


def _flat(text: str) -> str:
    return " ".join(text.split())


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def with_live(verdict: Verdict, live: Verdict, planned: Collection[str]) -> Verdict:
    """The verdicts on a plan and on what it has made, in one.

    Args:
        verdict: of the gate.
        live: on the account; the requirements must have live evidence from here on.
        planned: addresses of all resources of the plan.
    """
    expects = tuple(dict.fromkeys((*verdict.expects, Judged.LIVE)))
    known = {control.id for control in verdict.controls}
    found = (item for item in live.findings if item.status is not Status.NOT_EXERCISED)
    provenance = verdict.provenance
    return replace(
        verdict,
        provenance=replace(provenance, notes={**provenance.notes, **live.provenance.notes}),
        findings=tuple(sorted((*verdict.findings, *found), key=Finding.sort_key)),
        evidence=(*verdict.evidence, *live.evidence),
        controls=(*verdict.controls, *(c for c in live.controls if c.id not in known)),
        problems=(*verdict.problems, *live.problems),
        expired=tuple(dict.fromkeys((*verdict.expired, *live.expired))),
        unused=tuple(waiver for waiver in verdict.unused if waiver in live.unused),
        expects=expects if verdict.requirements else (),
        not_looked_at=_by_neither(verdict.not_looked_at, live.not_looked_at, planned),
    )


def _by_neither(
    gate: Mapping[str, tuple[str, ...]] | None,
    live: Mapping[str, tuple[str, ...]] | None,
    planned: Collection[str],
) -> dict[str, tuple[str, ...]]:
    """What was not looked at in the plan and in the account, and what the plan does not have."""
    before = {address for names in (gate or {}).values() for address in names}
    return by_type(
        (kind, name)
        for kind, names in (live or {}).items()
        for name in names
        if name in before or name not in planned
    )


def with_drift(verdict: Verdict, changes: Changes) -> Verdict:
    """The verdict with what the second plan found.

    Args:
        verdict: so far.
        changes: of the second plan.
    """
    stack = verdict.provenance.stack
    moved = {
        **dict.fromkeys(changes.create, "it would be created again"),
        **dict.fromkeys(changes.delete, "it would be deleted"),
        **dict.fromkeys(changes.update, "it would be changed"),
        **dict.fromkeys(changes.replace, "it would be replaced"),
        **{f"output.{name}": "it would change" for name in changes.outputs},
    }
    findings = tuple(
        _second_plan(address, Status.FAIL, text) for address, text in moved.items()
    ) or (_second_plan(stack, Status.PASS, "no changes"),)
    return replace(
        verdict,
        findings=tuple(sorted((*verdict.findings, *findings), key=Finding.sort_key)),
        controls=(*verdict.controls, DRIFT),
    )


def _second_plan(address: str, status: Status, text: str) -> Finding:
    return Finding(
        control=DRIFT.id,
        address=address,
        status=status,
        severity=DRIFT.severity,
        required=DRIFT.required,
        implemented=f"second plan: {text}",
        impact=DRIFT.impact,
        fix=DRIFT.fix,
    )


def with_flow(verdict: Verdict, flow: FlowRun | None) -> Verdict:
    """The verdict with how a flow went.

    Args:
        verdict: so far.
        flow: that was sent; None for none.
    """
    if flow is None:
        return verdict
    findings = tuple(
        Finding(
            control=FLOW.id,
            address=f"flow: {step.name}",
            status=step.status,
            severity=FLOW.severity,
            required=FLOW.required,
            implemented="; ".join(filter(None, (step.detail, step.measured()))),
            impact=FLOW.impact,
            fix=FLOW.fix,
            origin=flow.origin,
        )
        for step in flow.steps
    )
    return replace(
        verdict,
        findings=tuple(sorted((*verdict.findings, *findings), key=Finding.sort_key)),
        controls=(*verdict.controls, FLOW),
        flow=flow,
    )


def with_remarks(verdict: Verdict, remarks: Remarks) -> Verdict:
    """The verdict with problems and notes of the run.

    Args:
        verdict: so far.
        remarks: what the run has to say.
    """
    provenance = verdict.provenance
    versions = {**provenance.versions, **_installed()}
    return replace(
        verdict,
        problems=(*verdict.problems, *remarks.problems),
        provenance=replace(
            provenance, notes={**provenance.notes, **remarks.notes}, versions=versions
        ),
    )


def floor_notes(saved: SavedPlan, seconds: Mapping[str, float]) -> dict[str, str]:
    """The floors of apply and destroy, and how far above them the run was.

    Args:
        saved: the plan that was applied.
        seconds: step to its duration.
    """
    notes: dict[str, str] = {}
    over = 0.0
    for step in _DEPLOYING:
        if step not in seconds:
            continue
        floor = deployment_floor(saved.json_bytes, step)
        path = f" ({' → '.join(floor.path)})" if floor.path else ""
        notes[f"{step} floor"] = f"{floor.seconds:.0f} s{path}; measured {seconds[step]:.1f} s"
        over += seconds[step] - floor.seconds
    rest = sum(time for step, time in seconds.items() if step not in _DEPLOYING)
    notes["apply and destroy above their floors"] = f"{over:.1f} s"
    notes["everything else"] = f"{rest:.1f} s"
    return notes


def _installed() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("boto3", "moto"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
