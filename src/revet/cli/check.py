"""`revet check`: judge a plan, any Terraform plan, or a stack's."""

# ruff: noqa: PLC0415 - what an extra or POSIX brings is imported after `need` has asked for it

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from revet.cli import options
from revet.cli.check_plan import STDIN, check_plan
from revet.cli.delivery import deliver_all, require_deliverable
from revet.cli.judging import Judging
from revet.cli.output import Format, deliver
from revet.cli.prerequisites import need
from revet.cli.previous import earlier
from revet.cli.project import find_project
from revet.model.errors import UsageError

_SEPARATORS = ("/", "\\")


def check(
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="[PLAN.json|STATE.json|STACK]",
            help="A plan or state as JSON (`terraform show -json`; `-`: stdin), or a stack's name.",
            show_default=False,
        ),
    ] = None,
    *,
    every: options.Every = False,
    synth: Annotated[
        Path | None,
        typer.Option("--synth", help="The plan's `cdk.tf.json`, for constructs and source lines."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--source",
            help="Folder of the plan's `.tf` files; by default the plan's, where they match it.",
        ),
    ] = None,
    allow_provider: options.AllowProvider = None,
    allow_provisioners: options.AllowProvisioners = False,
    requirements: options.RequirementsPath = None,
    properties: options.PropertiesPath = None,
    attacks: options.AttacksPath = None,
    frameworks: options.FrameworkIds = None,
    baseline: options.BaselineName = None,
    waivers: options.WaiversPath = None,
    fail_on: options.FailOnLevel = None,
    time_limit: options.TimeLimit = None,
    previous: options.PreviousPath = None,
    fail_on_new: options.FailOnNew = False,
    wanted: options.FormatName = Format.TEXT,
    output: options.OutputPath = None,
    config: options.ConfigPath = None,
) -> int:
    """Judge a plan before anything is deployed, or a state."""
    before = earlier(previous, baseline, fail_on_new=fail_on_new)
    require_deliverable(wanted, output, before, every=every)
    given = Judging(
        requirements,
        before.baseline,
        waivers,
        fail_on,
        time_limit,
        tuple(frameworks or ()),
        properties,
        attacks,
    )
    if subject is not None and not every and is_plan(subject):
        verdict = check_plan(
            subject, synth, source, given.over(find_project(config).shared.judging)
        )
    elif synth is not None or source is not None:
        option = "--synth" if synth is not None else "--source"
        raise UsageError(
            f"`{option}` requires a plan file",
            where=option,
            got=f"the stack `{subject}`" if subject else "no plan file",
            do="leave it out",
        )
    else:
        need("stack", "embedded")
        from revet.cli.check_stacks import check_stacks

        found = check_stacks(
            subject,
            given,
            config,
            every=every,
            providers=allow_provider,
            provisioners=allow_provisioners,
        )
        verdicts = [before.beside(item) for item in found]
        return deliver_all(verdicts, wanted, output, every=every)
    verdict = before.beside(verdict)
    deliver(verdict, wanted, output)
    return verdict.decision.exit_code


def is_plan(subject: str) -> bool:
    """Whether a subject is a plan and not the name of a stack."""
    looks_like_a_path = subject.endswith(".json") or any(mark in subject for mark in _SEPARATORS)
    return subject == STDIN or looks_like_a_path or Path(subject).is_file()
