"""The steps that several commands share: synthesize, plan on a target, judge."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from revet.cli.judging import Judging, Loaded, judge_plan
from revet.cli.prerequisites import need
from revet.cli.progress import progress
from revet.cli.project import find_project
from revet.cli.stack import Stack, find_stack
from revet.cli.workdir import workdir
from revet.model.errors import InputError, UsageError

if TYPE_CHECKING:
    from revet.model.verdict import Verdict
    from revet.plan import Plan
    from revet.synth import Synthesis
    from revet.target.base import Target
    from revet.target.events import Observer
    from revet.target.saved_plan import SavedPlan
    from revet.target.terraform import Terraform

SYNTH = "synth"
TERRAFORM = "terraform"
PLAN = "plan.bin"
PLAN_JSON = "plan.json"
CHECK = "check.json"
STATE = "terraform.tfstate"


@dataclass(frozen=True, slots=True)
class Configuration:
    """A Terraform configuration, ready to be planned.

    Args:
        directory: its folder; Terraform may write into it.
        synth: the synthesized JSON in it; None for configuration written by hand.
    """

    directory: Path
    synth: Path | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A saved plan and the gate's verdict about it.

    Args:
        terraform: in the configuration's folder, initialized.
        saved: the plan.
        plan: the same, read.
        verdict: of the gate; its hash is that of the saved plan.
    """

    terraform: Terraform
    saved: SavedPlan
    plan: Plan
    verdict: Verdict


@contextmanager
def step(observe: Observer, name: str) -> Iterator[None]:
    """Tell the observer that a step of our own begins and ends.

    Args:
        observe: is told.
        name: of the step.
    """
    from revet.target.events import Event  # noqa: PLC0415 - not needed to parse a call

    begun = time.monotonic()
    observe(Event("step_start", name))
    yield
    observe(Event("step_done", name, elapsed=time.monotonic() - begun))


def configure(
    stack: Stack,
    directory: Path,
    observe: Observer,
    variables: Mapping[str, str] | None = None,
) -> Configuration:
    """Synthesize a stack, or copy a Terraform folder to where Terraform may write.

    Args:
        stack: what is wanted.
        directory: the stack's working folder.
        observe: told what happens.
        variables: for the program, besides those of this process.

    Raises:
        InputError: the program fails, or makes several stacks.
        PrerequisiteError: no Node.js, or the extra `stack` is not installed.
    """
    if stack.terraform is not None:
        copy = directory / TERRAFORM
        ignored = shutil.ignore_patterns(".terraform", "*.tfstate", "*.tfstate.*", ".revet")
        shutil.copytree(stack.terraform, copy, ignore=ignored, dirs_exist_ok=True)
        return Configuration(copy, None)
    need("stack")
    from revet.synth import run_program  # noqa: PLC0415 - not needed to parse a call

    region = {"AWS_REGION": stack.region} if stack.region else {}
    with step(observe, "synth"):
        synthesis = run_program(
            stack.program, directory / SYNTH, {**os.environ, **region, **(variables or {})}
        )
    return _only(stack, synthesis)


def configured(stack: Stack, directory: Path) -> Configuration:
    """The configuration that an earlier command left in a working folder.

    Args:
        stack: whose configuration.
        directory: the stack's working folder.

    Raises:
        UsageError: there is none: nothing was deployed from here.
    """
    from revet.synth import read_synthesis  # noqa: PLC0415 - not needed to parse a call

    if not (directory / PLAN).is_file():
        raise UsageError(
            "nothing was deployed from here",
            where=str(directory),
            got="no saved plan",
            expected=f"a deployment of `{stack.name}` on this target",
            do=f"`revet deploy {stack.name}` first, with the same `--target`",
        )
    if stack.terraform is not None:
        return Configuration(directory / TERRAFORM, None)
    return _only(stack, read_synthesis(directory / SYNTH))


def _only(stack: Stack, synthesis: Synthesis) -> Configuration:
    if len(synthesis.stacks) != 1:
        raise InputError(
            "the program makes several stacks",
            where=" ".join(stack.program),
            got=", ".join(f"`{name}`" for name in synthesis.stacks),
            expected="one stack for each entry of `revet.toml`",
            do="let an argument or variable of the program choose the stack",
        )
    [only] = synthesis.stacks.values()
    return Configuration(only.directory, only.json_path)


def plan_on(
    stack: Stack,
    configuration: Configuration,
    target: Target,
    *,
    directory: Path,
    state: Path,
    loaded: Loaded,
    observe: Observer,
) -> Planned:
    """Plan a configuration on a target that has been started, and judge the plan.

    Args:
        stack: whose plan it is.
        configuration: of `configure`.
        target: where it would land.
        directory: where the plan and the verdict about it are written.
        state: the state file, for a target that keeps its state in one.
        loaded: what the plan is judged against.
        observe: told what happens.

    Raises:
        TargetError: Terraform failed.
        InputError: the plan cannot be read.
    """
    terraform = terraform_on(configuration, target, state=state, observe=observe)
    terraform.init()
    saved = terraform.plan(out=directory / PLAN)
    (directory / PLAN_JSON).write_bytes(saved.json_bytes)
    from revet.plan import load_plan  # noqa: PLC0415 - not needed to parse a call
    from revet.report import render_json  # noqa: PLC0415 - same

    with step(observe, "check"):
        plan = load_plan(saved.json_bytes, configuration.synth)
        verdict = judge_plan(plan, loaded, stack=stack.name, plan_hash=saved.sha256)
    provenance = replace(
        verdict.provenance, target=target.name, account=target.account(), region=stack.region
    )
    verdict = replace(verdict, provenance=provenance)
    (directory / CHECK).write_text(render_json(verdict), encoding="utf-8")
    return Planned(terraform, saved, plan, verdict)


def terraform_on(
    configuration: Configuration, target: Target, *, state: Path, observe: Observer
) -> Terraform:
    """Terraform in a configuration's folder, with the target's environment and backend.

    Args:
        configuration: of `configure`.
        target: started.
        state: the state file, for a target that keeps its state in one.
        observe: told what happens.
    """
    from revet.target.terraform import OVERRIDE_FILE, Terraform  # noqa: PLC0415 - same

    override = configuration.directory / OVERRIDE_FILE
    backend = target.backend_override(state)
    if backend is None:
        override.unlink(missing_ok=True)
    else:
        content = {"terraform": {"backend": backend}}
        override.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return Terraform(configuration.directory, environment=target.environment(), observe=observe)


def check_stack(name: str, given: Judging, config: Path | None) -> Verdict:
    """Judge a stack by its name: synthesize it, plan it on an empty embedded AWS, judge the plan.

    Args:
        name: of the stack.
        given: what the call asks to judge against; the stack's own where it does not say.
        config: the `revet.toml` to use.

    Raises:
        RevetError: any step fails.
    """
    project = find_project(config)
    stack = find_stack(name, project)
    loaded = given.over(stack.judging).load()
    need("stack", "embedded")
    from revet.target.embedded import EmbeddedTarget  # noqa: PLC0415 - needs the extra

    directory = workdir(name, "embedded", project.root) / "check"
    directory.mkdir(parents=True, exist_ok=True)
    with progress() as observe, tempfile.TemporaryDirectory(prefix="revet-") as scratch:
        configuration = configure(stack, directory, observe)
        target = EmbeddedTarget(Path(scratch) / "aws")
        with step(observe, "start"):
            target.start()
        try:
            return plan_on(
                stack,
                configuration,
                target,
                directory=directory,
                state=Path(scratch) / STATE,
                loaded=loaded,
                observe=observe,
            ).verdict
        finally:
            target.stop()
