"""The lock of the state, which whoever holds it can let go for a while."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self


class StateLock:
    """A lock that one thread can take several times, as moto's services do through each other."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._owner = 0
        self._depth = 0

    def __enter__(self) -> Self:
        """Take it, or take it once more."""
        self._lock.acquire()
        self._owner = threading.get_ident()
        self._depth += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give it back once."""
        self._depth -= 1
        if not self._depth:
            self._owner = 0
        self._lock.release()

    @contextmanager
    def released(self) -> Iterator[None]:
        """Let other threads have it meanwhile, however often this one has taken it.

        What was read of the state before may be otherwise after. A thread that does not hold the
        lock goes on without it.
        """
        depth = self._depth if self._owner == threading.get_ident() else 0
        for _ in range(depth):
            self.__exit__(None, None, None)
        try:
            yield
        finally:
            for _ in range(depth):
                self.__enter__()
