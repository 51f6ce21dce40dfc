"""One account of an audit: whether and how it was read, for reports over several of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reach(StrEnum):
    """Whether an account was read."""

    READ = "read"
    NOT_READ = "not read"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class AccountRead:
    """One account of an audit.

    Args:
        account: its id.
        name: what `revet.toml` or the organization calls it; may be empty.
        role: ARN of the role that was assumed; empty where the caller's own credentials were used.
        reach: *read*; *not read*: it was to be read and could not be; *skipped*: nobody wanted it
            read, or AWS has closed it.
        why: why it was not read or skipped; empty otherwise.
        regions: where regional types were read.
        calls: how many calls it took.
        seconds: how long reading and judging it took.
        denied: IAM actions that were denied.
    """

    account: str
    name: str = ""
    role: str = ""
    reach: Reach = Reach.READ
    why: str = ""
    regions: tuple[str, ...] = ()
    calls: int = 0
    seconds: float = 0.0
    denied: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Its id, with its name where it has one."""
        return f"{self.account} ({self.name})" if self.name else self.account
