"""What became of one mutation, as it goes from a worker to the one who counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of a mutation."""

    REFUSED = "refused"
    BLOCKED = "blocked"
    UNDECIDED = "undecided"
    LISTED = "listed"
    READ = "read"
    INAPPLICABLE = "inapplicable"
    ALLOWED = "ALLOWED"
    CRASH = "CRASH"
    HANG = "HANG"
    MEMORY = "MEMORY"


BAD = (Outcome.ALLOWED, Outcome.CRASH, Outcome.HANG, Outcome.MEMORY)


@dataclass(frozen=True)
class Result:
    """What became of one mutation.

    Args:
        kind: of the mutation.
        control: that blocked the source; for a policy what it was tried as.
        source: the name of what was mutated.
        outcome: what became of it.
        changed: what was changed.
        why: the product's words.
        size: of the input, in bytes.
        excuse: the exception that covers it.
        number: of the job.
        seconds: that it took.
        memory: bytes that it took at its peak.
    """

    kind: str
    control: str
    source: str
    outcome: Outcome
    changed: str = ""
    why: str = ""
    size: int = 0
    excuse: str = ""
    number: int = 0
    seconds: float = 0.0
    memory: int = 0

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Result:
        """The inverse of `as_dict`."""
        return cls(**{**data, "outcome": Outcome(data["outcome"])})
