"""One function for each step of the road."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from revet.files import replace_file
from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.errors import TargetError
from revet.model.verdict import Verdict
from revet.model.work import Work
from revet.plan import Inventory, load_plan
from revet.plan.state import addresses_in, load_state, shown_outputs
from revet.rehearsal.begun import begin_state
from revet.rehearsal.errored import kept, restore
from revet.rehearsal.holdings import recording
from revet.rehearsal.lock import Held
from revet.rehearsal.road import Folder, RoadInput
from revet.rehearsal.steps import Steps
from revet.report import render_json
from revet.target.base import Target
from revet.target.diagnostics import Place
from revet.target.embedded import EmbeddedTarget
from revet.target.events import Event
from revet.target.guard import prepare, require_unchanged
from revet.target.permits import NOTHING
from revet.target.saved_plan import Changes, SavedPlan, read_plan_json
from revet.target.terraform import Terraform
from revet.target.wall import Wall
from revet.verify.api import SIDE_BY_SIDE, Api
from revet.verify.audit import AuditInput
from revet.verify.boto import BotoReader
from revet.verify.deployed import judge_deployed

TERRAFORM_DATA = "terraform"
"""Terraform's data folder, in the private folder: it names the programs that Terraform starts."""

_STATE_VERSION = 4


@dataclass(slots=True)
class Run:
    """One run over a stack.

    Args:
        road: the stack.
        target: where it lands; started.
        folder: its working folder.
        steps: measures the steps.
        terraform: in the stack's folder, with the target's environment and backend.
        today: the day for which waivers must hold.
    """

    road: RoadInput
    target: Target
    folder: Folder
    steps: Steps
    terraform: Terraform
    today: dt.date


@dataclass(frozen=True, slots=True)
class Judged:
    """A saved plan with the gate's verdict on it.

    Args:
        saved: the plan.
        plan: the same, read.
        verdict: of the gate; its hash is that of the saved plan.
    """

    saved: SavedPlan
    plan: Inventory
    verdict: Verdict


def begin(road: RoadInput, target: Target, folder: Folder, steps: Steps, held: Held) -> Run:
    """Start the target, put the backend in place and initialize Terraform.

    Args:
        road: the stack.
        target: where it lands.
        folder: its working folder, made already.
        steps: measures the steps.
        held: the folder's lock, which Terraform keeps as long as it lives.

    Raises:
        PrerequisiteError: Terraform, the provider or an extra is missing.
        InputError: the stack's folder holds no configuration, or the Terraform state there was
            not begun by this user's revet.
        TargetError: the target cannot be started, or Terraform failed.
    """
    if road.synth_seconds:
        steps.seconds["synth"] = road.synth_seconds
    with steps.ours("start"):
        target.start()
    terraform = Terraform(
        road.directory,
        environment=target.environment(),
        observe=steps.relay,
        hold=held.inherit,
        lifeline=target.lifeline,
        wall=_wall(road, target, folder),
        data=folder.private / TERRAFORM_DATA,
    )
    backend = target.backend_override(folder.state)
    if restore(folder.path, Path(backend["local"]["path"]) if backend else None):
        steps.observe(Event("note", "start", detail="the state that a failed run kept is restored"))
    if backend is not None and not target.disposable:
        begin_state(folder)
    with steps.terraform("init"):
        prepare(
            terraform,
            target,
            road.permits,
            state=folder.state,
            root=road.root or road.directory,
            observe=steps.relay,
        )
    today = dt.datetime.now(dt.UTC).date()
    return Run(road, target, folder, steps, terraform, today)


def _wall(road: RoadInput, target: Target, folder: Folder) -> Wall | None:
    """None for a run that the user has allowed more than Terraform and the AWS provider."""
    if road.permits != NOTHING:
        return None
    backend = target.backend_override(folder.state)
    states = [Path(backend["local"]["path"]).parent] if backend else []
    return target.wall((road.root or road.directory, folder.path, *states))


def plan_and_judge(run: Run, stage: str) -> Judged:
    """Plan, save the plan, judge it; writes `plan.bin`, `plan.json` and `check.json`.

    Args:
        run: the run.
        stage: `rehearse` or `deploy`.

    Raises:
        TargetError: Terraform failed.
        InputError: the plan cannot be read.
        ConfigError: what it is judged against is wrong.
    """
    with run.steps.terraform("plan"):
        saved = run.terraform.plan(out=run.folder.plan)
    replace_file(run.folder.plan_json, saved.json_bytes)
    with run.steps.ours("judge"):
        _require_unchanged(run, saved)
        plan = load_plan(saved.json_bytes, run.road.synth_json)
        run.terraform.places.update(
            {
                address: Place(resource.construct_path, resource.source)
                for address, resource in plan.resources.items()
            }
        )
        verdict = judge(
            plan,
            load_catalog(),
            requirements=run.road.requirements,
            waivers=run.road.waivers,
            baseline=run.road.baseline,
            fail_on=run.road.fail_on,
            today=run.today,
            stack=run.road.stack,
            plan_hash=saved.sha256,
            stage=stage,
            work=None if run.road.time_limit is None else Work(run.road.time_limit),
            frameworks=run.road.frameworks,
        )
        replace_file(run.folder.check, render_json(verdict))
    return Judged(saved, plan, verdict)


def _require_unchanged(run: Run, saved: SavedPlan) -> None:
    content = read_plan_json(saved.json_bytes, saved.path)
    registry = run.terraform.binary.registry
    require_unchanged(content, run.target, run.road.permits, registry)


def apply(run: Run, judged: Judged) -> None:
    """Apply the plan that the gate has allowed, and no other.

    Args:
        run: the run.
        judged: the plan and its verdict.

    Raises:
        BlockedError: the gate did not allow it, or the plan's file was changed since.
        InputError: the record of what the stack has made before cannot be believed.
        TargetError: Terraform failed; the state holds what has been made.
    """
    again = f"`revet deploy {run.road.stack}`"
    with recording(run.target, run.folder.path) as addresses:
        try:
            with kept(run.road.directory, run.folder.path, again), run.steps.terraform("apply"):
                run.target.confirm_again()
                run.terraform.apply(judged.saved, judged.verdict)
        except TargetError:
            with contextlib.suppress(TargetError):  # the state cannot be read; the apply counts
                addresses.extend(deployed(run))
            raise
        addresses.extend(judged.plan.resources)


def read_state(run: Run) -> Mapping[str, Any]:
    """Read the state, and write the outputs that are no secrets to `outputs.json`.

    Args:
        run: the run.

    Returns:
        The state as `Terraform.state` gives it.

    Raises:
        TargetError: the state cannot be read.
    """
    with run.steps.ours("outputs"):
        state = run.terraform.state()
        run.folder.keep_outputs(shown_outputs(state))
    return state


def verify(
    run: Run, state: Mapping[str, Any], plan: Inventory | None, *, beside: bool = False
) -> Verdict:
    """Judge what the state says is deployed, and what is attached to it, by what AWS answers.

    Args:
        run: the run.
        state: as `Terraform.state` gives it.
        plan: says the region of each resource; without it only state and ARNs do.
        beside: whether whatever else is read is judged, too.

    Returns:
        The verdict on the account, of the stage `verify`.

    Raises:
        UnreachableError: no answer came from AWS.
        ConfigError: what it is judged against is wrong.
    """
    road = run.road
    with run.steps.ours("verify"):
        planned = plan.resources if plan is not None else {}
        regions = {
            address: resource.provider_region
            for address, resource in planned.items()
            if resource.provider_region
        }
        origin = run.target.origin
        reader = BotoReader(run.target.session(road.region))
        api = Api(reader, run.target.account(), road.region, SIDE_BY_SIDE[origin])
        against = AuditInput(
            load_catalog(),
            road.requirements,
            road.baseline,
            road.waivers,
            road.fail_on,
            run.today,
            frameworks=road.frameworks,
        )
        verdict = judge_deployed(
            api,
            load_state({**state, "values": state.get("values") or {"root_module": {}}}),
            against,
            stack=road.stack,
            regions=regions,
            origin=origin,
            beside=beside,
            time_limit=road.time_limit,
        )
    return replace(verdict, problems=(*_doubts(state), *verdict.problems))


def _doubts(state: Mapping[str, Any]) -> tuple[str, ...]:
    """Why judging what a state names does not judge what is deployed."""
    found = [
        f"{address} is left of a replacement, and not judged: apply again to have it destroyed"
        for address in addresses_in(state, deposed=True)
    ]
    if not addresses_in(state):
        found.append("nothing is deployed: the state holds no managed resource")
    return tuple(found)


def plan_again(run: Run) -> Changes:
    """Plan a second time: right after an apply there must be nothing left to do.

    Args:
        run: the run.

    Raises:
        TargetError: Terraform failed.
    """
    with run.steps.terraform("second plan"):
        return run.terraform.plan(out=run.folder.second_plan).changes


def destroy(run: Run) -> None:
    """Destroy everything in the state.

    Args:
        run: the run.

    Raises:
        TargetError: Terraform failed; the state holds what is left.
    """
    again = f"`revet destroy {run.road.stack}`"
    with kept(run.road.directory, run.folder.path, again), run.steps.terraform("destroy"):
        run.target.confirm_again()
        run.terraform.destroy()


def deployed(run: Run) -> tuple[str, ...]:
    """What the state holds, by address; without instance keys where the state is a file of ours.

    Args:
        run: the run.

    Raises:
        TargetError: the state cannot be read.
    """
    backend = run.target.backend_override(run.folder.state)
    if backend is not None:
        held = _in_file(Path(backend["local"]["path"]))
        if held is not None:
            return held
    return addresses_in(run.terraform.state())


def _in_file(path: Path) -> tuple[str, ...] | None:
    """Managed resources in a state file; None when it is not of the version that is known.

    Reading it takes no time; `terraform show` takes seconds to load the provider's schema.
    """
    try:
        state = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return ()
    except ValueError:
        return None
    if state.get("version") != _STATE_VERSION:
        return None
    return tuple(
        ".".join(filter(None, (item.get("module"), item["type"], item["name"])))
        for item in state.get("resources", ())
        if item["mode"] == "managed" and item["instances"]
    )


def keep_calls(run: Run) -> None:
    """Write the API calls that the embedded AWS recorded to `calls.jsonl`; others record none.

    Args:
        run: the run.
    """
    if isinstance(run.target, EmbeddedTarget):
        lines = "".join(f"{json.dumps(call)}\n" for call in run.target.daemon.calls())
        replace_file(run.folder.calls, lines)


def identified(run: Run, verdict: Verdict) -> Verdict:
    """The verdict with target, account, region and time in its provenance.

    Args:
        run: the run.
        verdict: any verdict of it.
    """
    return replace(
        verdict,
        provenance=replace(
            verdict.provenance,
            target=run.target.name,
            account=run.target.account(),
            region=run.road.region,
            time=dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            seconds=dict(run.steps.seconds),
            versions={**verdict.provenance.versions, **run.terraform.versions()},
        ),
    )
