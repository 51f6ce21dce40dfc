"""One account of an audit: whether and how it was read, for reports over several of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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

    def as_dict(self) -> dict[str, Any]:
        """JSON form; empty fields are kept."""
        return {
            "account": self.account,
            "name": self.name,
            "role": self.role,
            "reach": self.reach.value,
            "why": self.why,
            "regions": list(self.regions),
            "calls": self.calls,
            "seconds": self.seconds,
            "denied": list(self.denied),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> AccountRead:
        """The inverse of `as_dict`.

        Raises:
            KeyError: a field is missing.
            ValueError: `reach` has a value that does not exist, or a number is none.
        """
        return cls(
            account=data["account"],
            name=data["name"],
            role=data["role"],
            reach=Reach(data["reach"]),
            why=data["why"],
            regions=tuple(data["regions"]),
            calls=int(data["calls"]),
            seconds=float(data["seconds"]),
            denied=tuple(data["denied"]),
        )
