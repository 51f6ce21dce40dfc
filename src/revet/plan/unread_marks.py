"""Marks of what could not be read from an account; they stand where a plan has `true`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Mark:
    """Why an attribute of an account could not be read.

    Args:
        why: the reason, lower case: "`kms:GetKeyPolicy` was denied".
        resolve: what would make it known.
        action: the IAM action that is missing; empty where it was no denial.
    """

    why: str
    resolve: str
    action: str = ""


NOT_READ = Mark("it is not read from the account", "judge the plan or the state for it")
"""Of attributes that no reader writes, because no rule asks for them."""


def denied(action: str) -> Mark:
    """The mark of what a call that was denied would have answered.

    Args:
        action: the IAM action that is missing.
    """
    return Mark(f"`{action}` was denied", f"allow `{action}` to the identity that reads", action)


class AllOthers(dict[str, Any]):
    """Marks of everything but the names that are known.

    Args:
        known: names of attributes that were read.
        mark: of all the others, whatever their name.
    """

    __slots__ = ("known", "mark")

    def __init__(self, known: Iterable[str], mark: Mark) -> None:
        super().__init__({"*": mark})
        self.known = frozenset(known)
        self.mark = mark

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as of any mapping
        """The mark of an attribute."""
        return default if name in self.known else self.mark
