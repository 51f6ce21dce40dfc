"""What is still to be done, and the threads that do it."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_THREADS = 16
_SOON = 20.0
"""Seconds: what is due later is not waited for."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do.

    Args:
        key: of it; one key is never worked on twice at once.
        run: does it.
        due: moment on the monotonic clock.
    """

    key: str
    run: Callable[[], None]
    due: float


class Work:
    """Tasks, done by threads when they are due.

    Args:
        failed: told of an error that a task did not expect.
    """

    def __init__(self, failed: Callable[[str, Exception], None]) -> None:
        self._failed = failed
        self._changed = threading.Condition()
        self._tasks: dict[str, Task] = {}
        self._order: list[tuple[float, int, str]] = []
        self._numbers = itertools.count()
        self._running: set[str] = set()
        self._is_over = False
        self._threads = 0
        self._free = 0

    def add(self, key: str, run: Callable[[], None], after: float = 0.0) -> None:
        """Do something; a task of the same key that has not begun is replaced.

        A task that is added while its key is worked on is done afterwards.

        Args:
            key: of it.
            run: does it.
            after: seconds from now.
        """
        task = Task(key, run, time.monotonic() + after)
        with self._changed:
            self._tasks[key] = task
            heapq.heappush(self._order, (task.due, next(self._numbers), key))
            if not self._free and self._threads < _THREADS and not self._is_over:
                self._threads += 1
                threading.Thread(target=self._work, name="functions", daemon=True).start()
            self._changed.notify_all()

    def cancel(self, key: str) -> None:
        """Leave out a task that has not begun, if there is one."""
        with self._changed:
            self._tasks.pop(key, None)
            self._changed.notify_all()

    def wait_until_quiet(self, seconds: float) -> list[str]:
        """Wait until nothing is left to do that is due soon.

        Args:
            seconds: at most.

        Returns:
            The keys of what is left when the time is up.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._left(), seconds)
            return self._left()

    def close(self) -> None:
        """Begin nothing more."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _left(self) -> list[str]:
        soon = time.monotonic() + _SOON
        waiting = {key for key, task in self._tasks.items() if task.due <= soon}
        return sorted(waiting | self._running)

    def _work(self) -> None:
        while (task := self._next()) is not None:
            try:
                task.run()
            except Exception as error:  # noqa: BLE001 - written down; the other tasks go on
                self._failed(task.key, error)
            finally:
                with self._changed:
                    self._running.discard(task.key)
                    self._changed.notify_all()

    def _next(self) -> Task | None:
        with self._changed:
            self._free += 1
            try:
                while not self._is_over:
                    task = self._due()
                    if task is not None:
                        self._running.add(task.key)
                        return task
                    self._changed.wait(self._pause())
                return None
            finally:
                self._free -= 1

    def _due(self) -> Task | None:
        """Take the first task that is due and not worked on."""
        now, held, found = time.monotonic(), [], None
        while found is None and self._order and self._order[0][0] <= now:
            entry = heapq.heappop(self._order)
            task = self._tasks.get(entry[2])
            if task is None or task.due != entry[0]:  # replaced, or left out
                continue
            if task.key in self._running:
                held.append(entry)
            else:
                found = self._tasks.pop(task.key)
        for entry in held:
            heapq.heappush(self._order, entry)
        return found

    def _pause(self) -> float | None:
        waiting = [due for due, _, key in self._order if key not in self._running]
        return max(min(waiting) - time.monotonic(), 0.0) if waiting else None
