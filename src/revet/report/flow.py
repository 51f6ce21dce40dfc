"""What the formats say of a flow: its steps, what they took, and what they took it on."""

from __future__ import annotations

from collections.abc import Iterator

from revet.model.finding import Origin
from revet.model.flow import FlowRun
from revet.report.words import one_line


def headline(flow: FlowRun) -> str:
    """Where it was sent, and on what its functions ran, in one line."""
    where = "emulated: no time here is one of AWS's" if flow.origin is Origin.EMULATED else "real"
    on = ", ".join(f"{label} {text}" for label, text in flow.environment.items())
    return f"{len(flow.steps)} steps, {where}" + (f"; functions ran on {on}" if on else "")


def text_flow(flow: FlowRun | None) -> Iterator[str]:
    """Lines for a terminal; none without a flow.

    Args:
        flow: that was sent.
    """
    if flow is None:
        return
    yield f"flow: {headline(flow)}"
    for step in flow.steps:
        measured = step.measured()
        told = "; ".join(filter(None, (one_line(step.detail), measured)))
        yield f"  {step.status.value:<13} {step.name}" + (f": {told}" if told else "")
    for line in flow.not_exercised:
        yield f"  not exercised {one_line(line)}"
