"""`revet demo`: the whole road for the secure application stack, on this machine."""

from __future__ import annotations

from revet.cli.configuration import Call
from revet.cli.output import Format, deliver, note
from revet.cli.project import find_project
from revet.cli.stack import find_stack
from revet.cli.together import rehearse_own
from revet.cli.workdir import REHEARSAL, workdir
from revet.files import REPORT

STACK = "tap"


def demo() -> int:
    """Walk the whole road for the stack `tap`; needs no account."""
    note(f"`{STACK}`, the secure application stack: synthesized, judged, deployed with the real")
    note("Terraform onto an AWS in a process on this machine, verified, planned again, destroyed")
    project = find_project()
    verdict = rehearse_own((find_stack(STACK, project),), project, Call())[STACK]
    deliver(verdict, Format.TEXT, None)
    note(f"report: {workdir(STACK, REHEARSAL, project.root) / REPORT}")
    return verdict.decision.exit_code
