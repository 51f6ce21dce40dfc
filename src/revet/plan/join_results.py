"""What an attribute or a list was found to mean."""

from __future__ import annotations

from dataclasses import dataclass

from revet.plan.resource import Resource
from revet.plan.values import Undecided


@dataclass(frozen=True, slots=True)
class Join:
    """What one attribute means.

    Args:
        found: the resource; `None` when it is none of the plan's, or is not known.
        doubt: why it is not known; `None` when it is.
        candidates: addresses that it may be when it is not known; `None`: any.
    """

    found: Resource | None = None
    doubt: Undecided | None = None
    candidates: frozenset[str] | None = frozenset()


@dataclass(frozen=True, slots=True)
class Members:
    """What a list refers to, where the plan does not show the list itself.

    Ids that are written out beside the references do not show.

    Args:
        resources: each that it may hold.
        every: nothing else took part, so that it holds each of them.
    """

    resources: tuple[Resource, ...]
    every: bool
