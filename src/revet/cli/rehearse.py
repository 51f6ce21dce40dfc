"""`revet rehearse`: the whole road on the embedded AWS, leaving nothing behind."""

from __future__ import annotations

from typing import Annotated

import typer

from revet.cli import options
from revet.cli.configuration import Call
from revet.cli.delivery import deliver_all, require_deliverable
from revet.cli.judging import Judging
from revet.cli.output import Format, note
from revet.cli.previous import earlier
from revet.cli.project import find_project
from revet.cli.several import asked
from revet.cli.together import rehearse_kept, rehearse_own
from revet.cli.workdir import REHEARSAL, workdir
from revet.files import REPORT
from revet.model.verdict import Decision


def rehearse(
    name: options.SomeStack = None,
    *,
    every: options.Every = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave it deployed, for `verify` and `destroy`.")
    ] = False,
    allow_provider: options.AllowProvider = None,
    allow_provisioners: options.AllowProvisioners = False,
    allow_functions: options.AllowFunctions = False,
    requirements: options.RequirementsPath = None,
    properties: options.PropertiesPath = None,
    attacks: options.AttacksPath = None,
    frameworks: options.FrameworkIds = None,
    baseline: options.BaselineName = None,
    waivers: options.WaiversPath = None,
    fail_on: options.FailOnLevel = None,
    time_limit: options.TimeLimit = None,
    previous: options.PreviousPath = None,
    wanted: options.FormatName = Format.TEXT,
    output: options.OutputPath = None,
    config: options.ConfigPath = None,
) -> int:
    """Deploy, verify, plan again and destroy on the embedded AWS."""
    before = earlier(previous, baseline)
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
    project = find_project(config)
    stacks = asked(name, project, every=every)
    call = Call(given, allow_provider, allow_provisioners, allow_functions)
    walk = rehearse_kept if keep else rehearse_own
    found = walk(stacks, project, call)
    shown = [before.beside(verdict) for one, verdict in found.items() if every or one == name]
    deliver_all(shown, wanted, output, every=every)
    for one, verdict in found.items():
        if not every and one != name and verdict.decision is not Decision.ALLOWED:
            note(f"`{one}`, which is rehearsed along, is {verdict.decision.value}")
        folder = workdir(one, options.TargetName.EMBEDDED if keep else REHEARSAL, project.root)
        note(f"report: {folder / REPORT}")
    return max(verdict.decision.exit_code for verdict in found.values())
