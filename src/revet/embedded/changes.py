"""Which backends may have changed since their state was last written down.

A backend that is asked for by its account and region may be changed by whoever asks: moto has no
other way to it. What finds a backend otherwise, or holds on to something in it, says `touch`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from moto.core.base_backend import BaseBackend

WHOLE = ""
"""In place of an attribute: all of a backend."""


@dataclass(slots=True)
class Changes:
    """What may have changed.

    Args:
        backends: of which, and which of their attributes.
        keys: names of S3 objects that may have changed in place.
    """

    backends: dict[int, tuple[BaseBackend, set[str]]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)

    def add(self, backend: BaseBackend, attribute: str = WHOLE) -> None:
        """Note one backend."""
        self.backends.setdefault(id(backend), (backend, set()))[1].add(attribute)

    def update(self, other: Changes) -> None:
        """Note what another has."""
        for backend, attributes in other.backends.values():
            for attribute in attributes:
                self.add(backend, attribute)
        self.keys |= other.keys

    def __bool__(self) -> bool:
        """Whether anything may have changed."""
        return bool(self.backends or self.keys)


class _Seen(threading.local):
    """What this thread has touched while it is watched; none while it is not."""

    changes: Changes | None = None


_SEEN = _Seen()
_NOTED = Changes()
_LOCK = threading.Lock()


def touch(backend: BaseBackend, attribute: str = WHOLE) -> None:
    """Note that a backend may be changed now.

    Args:
        backend: of moto or of ours.
        attribute: the one of its attributes that may be, if nothing else in it refers to what is
            in that; `WHOLE` for all of it.
    """
    if _SEEN.changes is not None:
        _SEEN.changes.add(backend, attribute)
        return
    with _LOCK:
        _NOTED.add(backend, attribute)


@contextmanager
def watching() -> Iterator[Changes]:
    """Collect what this thread touches meanwhile, for `note`; nothing of it is noted by itself.

    One that is begun inside of another collects for itself.
    """
    before, found = _SEEN.changes, Changes()
    _SEEN.changes = found
    try:
        yield found
    finally:
        _SEEN.changes = before


@contextmanager
def together() -> Iterator[None]:
    """Note what this thread touches meanwhile all at once, at the end."""
    found = Changes()
    try:
        with watching() as found:
            yield
    finally:
        note(found)


def is_watching() -> bool:
    """Whether this thread is in the middle of something, whose changes belong together."""
    return _SEEN.changes is not None


def note(changes: Changes) -> None:
    """Note what was collected, also for whoever collects around this."""
    if _SEEN.changes is not None:
        _SEEN.changes.update(changes)
        return
    with _LOCK:
        _NOTED.update(changes)


def take() -> Changes:
    """What may have changed since this was last asked; the state's lock is held."""
    with _LOCK:
        taken = Changes()
        taken.update(_NOTED)
        _NOTED.backends.clear()
        _NOTED.keys.clear()
    return taken
