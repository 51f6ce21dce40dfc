"""`revet deploy`: apply the plan that the gate has allowed, and only that one."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

from revet.cli.judging import Judging
from revet.cli.landing import land
from revet.cli.options import (
    Account,
    BaselineName,
    ConfigPath,
    FailOnLevel,
    FormatName,
    OutputPath,
    RequirementsPath,
    StackName,
    Target,
    TargetName,
    WaiversPath,
)
from revet.cli.output import Format, deliver, note
from revet.cli.progress import progress
from revet.cli.road import STATE, configure, plan_on
from revet.cli.workdir import OUTPUTS, keep
from revet.model.verdict import Decision


def deploy(
    name: StackName,
    *,
    target: Target = TargetName.EMBEDDED,
    account: Account = None,
    requirements: RequirementsPath = None,
    baseline: BaselineName = None,
    waivers: WaiversPath = None,
    fail_on: FailOnLevel = None,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Deploy a stack, if its plan passes the gate."""
    landing = land(name, target, account=account, config=config, action="deploy")
    judging = Judging(requirements, baseline, waivers, fail_on).over(landing.stack.judging)
    loaded = judging.load()
    with progress() as observe:
        planned = plan_on(
            landing.stack,
            configure(landing.stack, landing.directory, observe),
            landing.target,
            directory=landing.directory,
            state=landing.directory / STATE,
            loaded=loaded,
            observe=observe,
        )
        verdict = planned.verdict
        verdict = replace(verdict, provenance=replace(verdict.provenance, stage="deploy"))
        if verdict.decision is Decision.ALLOWED:
            planned.terraform.apply(planned.saved, verdict)
            _keep_outputs(landing.directory / OUTPUTS, planned.terraform.outputs())
    keep(landing.directory, verdict)
    deliver(verdict, wanted, output)
    if verdict.decision is Decision.ALLOWED:
        note(f"deployed: {planned.saved.changes}; outputs in {landing.directory / OUTPUTS}")
        note(f"next: `revet verify {name} --target {target.value}`")
    else:
        note("not deployed: the gate does not allow this plan")
    return verdict.decision.exit_code


def _keep_outputs(path: Path, outputs: dict[str, object]) -> None:
    """Write the outputs; only their owner may read them, since some may be secret."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps(outputs, indent=2, sort_keys=True) + "\n")
