"""Which resources a plan handed out while somebody judged, so that nobody claims to judge more.

A plan notes every resource that it finds for a rule: what an attribute means, what is attached to
a resource, what a symbol in a policy stands for, and what keeps it from telling. Outside of
`noting` nothing is noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CURRENT: ContextVar[set[str] | None] = ContextVar("looked_at", default=None)


@contextmanager
def noting(addresses: set[str]) -> Iterator[None]:
    """Note in a set what is handed out inside.

    Args:
        addresses: of resource instances; added to.
    """
    token = _CURRENT.set(addresses)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def note(addresses: Iterable[str]) -> None:
    """Note that resources are handed out.

    Args:
        addresses: of resource instances.
    """
    seen = _CURRENT.get()
    if seen is not None:
        seen.update(addresses)
