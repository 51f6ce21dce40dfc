"""What a client would do, sent through what was deployed: how each step went, and what it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from revet.model.finding import Origin, Status


@dataclass(frozen=True, slots=True)
class FlowStep:
    """How one step of a flow went.

    Args:
        name: of the step.
        status: pass, fail, or *not exercised* after an earlier step failed.
        detail: what was seen, one line; for a failure what was expected and what came.
        requests: how many were sent.
        answers: status code, as text, to how many requests were answered with it; `none` for those
            without an answer.
        seconds: that the step took.
        median: seconds until half of the requests were answered, each measured by itself.
        longest: seconds until the slowest request was answered.
    """

    name: str
    status: Status
    detail: str = ""
    requests: int = 0
    answers: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    median: float = 0.0
    longest: float = 0.0

    @property
    def per_second(self) -> float:
        """Requests answered each second; 0 for a step that sends none."""
        return self.requests / self.seconds if self.requests and self.seconds else 0.0

    def measured(self) -> str:
        """Requests, answers, latency and throughput in one line; empty without requests."""
        if not self.requests:
            return ""
        answers = ", ".join(f"{count} with {code}" for code, count in self.answers.items())
        took = f"median {self.median * 1000:.0f} ms, longest {self.longest * 1000:.0f} ms"
        word = "request" if self.requests == 1 else "requests"
        return f"{self.requests} {word}: {answers}; {took}, {self.per_second:.1f} each second"


@dataclass(frozen=True, slots=True)
class FlowRun:
    """A flow that was sent.

    Args:
        origin: where it was sent: *emulated* times are none of AWS's.
        steps: in their order.
        environment: label to text: on what the functions ran.
        not_exercised: what of the stack the flow does not touch, one line each.
    """

    origin: Origin
    steps: tuple[FlowStep, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    not_exercised: tuple[str, ...] = ()
