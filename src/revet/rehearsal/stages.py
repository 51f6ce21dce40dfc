"""One function for each step of the stack."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from revet.files import OUTPUTS, PLAN, replace_file
from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.errors import TargetError
from revet.model.flow import FlowRun
from revet.model.verdict import Verdict
from revet.model.work import Work
from revet.plan import Inventory, load_plan
from revet.plan.state import addresses_in, load_state, shown_outputs
from revet.rehearsal.errored import kept
from revet.rehearsal.flow.run import run_flow
from revet.rehearsal.flow.world import EmbeddedWorld
from revet.rehearsal.holdings import recording
from revet.rehearsal.session import Run
from revet.report import render_json
from revet.target.diagnostics import Place
from revet.target.embedded import EmbeddedTarget
from revet.target.guard import require_unchanged
from revet.target.saved_plan import Changes, SavedPlan, read_plan_json
from revet.verify.api import SIDE_BY_SIDE, Api
from revet.verify.audit import AuditInput
from revet.verify.boto import BotoReader
from revet.verify.deployed import judge_deployed

_STATE_VERSION = 4


@dataclass(frozen=True, slots=True)
class GatedPlan:
    """A saved plan with the gate's verdict on it.

    Args:
        saved: the plan.
        plan: the same, read.
        verdict: of the gate; its hash is that of the saved plan.
    """

    saved: SavedPlan
    plan: Inventory
    verdict: Verdict


def plan_and_judge(run: Run, stage: str) -> GatedPlan:
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
        saved = run.terraform.plan(out=run.folder / "plan.bin")
    replace_file(run.folder / PLAN, saved.json_bytes)
    with run.steps.ours("judge"):
        content = read_plan_json(saved.json_bytes, saved.path)
        registry = run.terraform.binary.registry
        require_unchanged(content, run.target, run.stack.permits, registry)
        plan = load_plan(saved.json_bytes, run.stack.synth_json)
        run.terraform.places.update(
            {
                address: Place(resource.construct_path, resource.source)
                for address, resource in plan.resources.items()
            }
        )
        verdict = judge(
            plan,
            load_catalog(),
            requirements=run.stack.requirements,
            waivers=run.stack.waivers,
            baseline=run.stack.baseline,
            fail_on=run.stack.fail_on,
            today=run.today,
            stack=run.stack.name,
            plan_hash=saved.sha256,
            stage=stage,
            work=None if run.stack.time_limit is None else Work(run.stack.time_limit),
            frameworks=run.stack.frameworks,
            properties=run.stack.properties,
            attacks=run.stack.attacks,
        )
        replace_file(run.folder / "check.json", render_json(verdict))
    return GatedPlan(saved, plan, verdict)


def apply(run: Run, gated: GatedPlan) -> None:
    """Apply the plan that the gate has allowed, and no other.

    Args:
        run: the run.
        gated: the plan and its verdict.

    Raises:
        BlockedError: the gate did not allow it, or the plan's file was changed since.
        InputError: the record of what the stack has made before cannot be believed.
        TargetError: Terraform failed; the state holds what has been made.
    """
    again = f"`revet deploy {run.stack.name}`"
    with recording(run.target, run.folder) as addresses:
        try:
            with kept(run.stack.directory, run.folder, again), run.steps.terraform("apply"):
                run.target.confirm_again()
                run.terraform.apply(gated.saved, gated.verdict)
        except TargetError:
            with contextlib.suppress(TargetError):  # the state cannot be read; the apply counts
                addresses.extend(deployed(run))
            raise
        addresses.extend(gated.plan.resources)


def read_state(run: Run) -> Mapping[str, Any]:
    """Read the state, and write the outputs that are no secrets to `outputs.json`.

    Returns:
        The state as `Terraform.state` gives it.

    Raises:
        TargetError: the state cannot be read.
    """
    with run.steps.ours("outputs"):
        state = run.terraform.state()
        keep_outputs(run.folder, shown_outputs(state))
    return state


def keep_outputs(folder: Path, outputs: Mapping[str, Any]) -> None:
    """Write outputs as one flat JSON object, readable by their owner only.

    Args:
        folder: the working folder.
        outputs: name to value, without sensitive ones.
    """
    replace_file(folder / OUTPUTS, json.dumps(outputs, indent=2, sort_keys=True) + "\n")


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
    stack = run.stack
    with run.steps.ours("verify"):
        planned = plan.resources if plan is not None else {}
        regions = {
            address: resource.provider_region
            for address, resource in planned.items()
            if resource.provider_region
        }
        origin = run.target.origin
        reader = BotoReader(run.target.session(stack.region))
        api = Api(reader, run.target.account(), stack.region, SIDE_BY_SIDE[origin])
        against = AuditInput(
            load_catalog(),
            stack.requirements,
            stack.baseline,
            stack.waivers,
            stack.fail_on,
            run.today,
            frameworks=stack.frameworks,
            properties=stack.properties,
            attacks=stack.attacks,
        )
        verdict = judge_deployed(
            api,
            load_state({**state, "values": state.get("values") or {"root_module": {}}}),
            against,
            stack=stack.name,
            regions=regions,
            origin=origin,
            beside=beside,
            time_limit=stack.time_limit,
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

    Raises:
        TargetError: Terraform failed.
    """
    with run.steps.terraform("second plan"):
        return run.terraform.plan(out=run.folder / "second-plan.bin").changes


def send_flow(run: Run, state: Mapping[str, Any]) -> FlowRun | None:
    """Send the stack's flow through what is deployed; None without a flow, or where none is sent.

    Args:
        run: the run.
        state: as `Terraform.state` gives it; its outputs are what the flow may name.
    """
    flow = run.stack.flow
    if flow is None:
        return None
    if not isinstance(run.target, EmbeddedTarget):
        run.remarks.notes["flow"] = "not sent: only the embedded AWS is sent one"
        return None
    outputs = shown_outputs(state)
    known = {
        **{f"output.{name}": value for name, value in outputs.items()},
        "account_id": run.target.account(),
        "region": run.stack.region,
    }
    with run.steps.ours("flow"):
        return run_flow(flow, EmbeddedWorld(run.target, run.stack.region), known)


def destroy(run: Run) -> None:
    """Destroy everything in the state.

    Raises:
        TargetError: Terraform failed; the state holds what is left.
    """
    again = f"`revet destroy {run.stack.name}`"
    with kept(run.stack.directory, run.folder, again), run.steps.terraform("destroy"):
        run.target.confirm_again()
        run.terraform.destroy()


def deployed(run: Run) -> tuple[str, ...]:
    """What the state holds, by address; without instance keys where the state is a file of ours.

    Raises:
        TargetError: the state cannot be read.
    """
    if run.state is not None:
        held = _in_file(run.state)
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
    """Write the API calls that the embedded AWS recorded to `calls.jsonl`; others record none."""
    if isinstance(run.target, EmbeddedTarget):
        lines = "".join(f"{json.dumps(call)}\n" for call in run.target.daemon.calls())
        replace_file(run.folder / "calls.jsonl", lines)
