"""`revet demo`: the whole road for the secure application stack, on this machine."""

from __future__ import annotations

from revet.cli.judging import Judging
from revet.cli.output import Format, deliver, note
from revet.cli.rehearse import rehearsed
from revet.cli.workdir import REPORT

STACK = "tap"


def demo() -> int:
    """Walk the whole road for the stack `tap`; needs no account."""
    note(f"`{STACK}`, the secure application stack: synthesized, judged, deployed with the real")
    note("Terraform onto an AWS in a process on this machine, verified, planned again, destroyed")
    verdict, directory = rehearsed(STACK, Judging(), None)
    deliver(verdict, Format.TEXT, None)
    note(f"report: {directory / REPORT}")
    return verdict.decision.exit_code
