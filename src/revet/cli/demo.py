"""`revet demo`: the whole road for a blueprint, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from revet.cli.configuration import Call
from revet.cli.output import Format, deliver, note
from revet.cli.project import find_project
from revet.cli.stack import blueprints, find_stack
from revet.cli.together import rehearse_own
from revet.cli.workdir import REHEARSAL, workdir
from revet.files import REPORT
from revet.model.errors import UsageError
from revet.model.fields import check_name

STACK = "tap"


def demo(
    blueprint: Annotated[
        str, typer.Argument(metavar="[BLUEPRINT]", help="`tap`, `zero-trust` or another of ours.")
    ] = STACK,
) -> int:
    """Walk the whole road for a blueprint; needs no account."""
    check_name(blueprint, blueprints(), "no such blueprint", "BLUEPRINT", kind=UsageError)
    note(f"`{blueprint}`: synthesized, judged, deployed with the real Terraform onto an AWS in a")
    note("process on this machine, verified, planned again, destroyed")
    project = find_project()
    verdict = rehearse_own((find_stack(blueprint, project),), project, Call())[blueprint]
    deliver(verdict, Format.TEXT, None)
    note(f"report: {workdir(blueprint, REHEARSAL, project.root) / REPORT}")
    return verdict.decision.exit_code
