"""How much work judging may take: a time limit that the long loops ask, without threads or signals.

Whoever judges opens a `Work` with `limited`; every loop whose length is the user's to choose says
`spend`. Once the time is over each further `spend` raises, so that no `except` on the way can go on
for long. Outside of `limited` nothing is limited, and `spend` costs next to nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from revet.model.errors import WorkLimitError

LEAST_SECONDS = 30.0
"""What even the smallest plan may take."""
SECONDS_A_RESOURCE = 0.005
"""What each resource adds: about five times what one takes on a slow machine."""
STEPS_A_LOOK = 512
"""How many steps are taken between two looks at the clock; a step takes microseconds."""


def default_seconds(resources: int) -> float:
    """The time limit of a plan for which nobody chose one.

    Args:
        resources: how many resource instances it has.
    """
    return LEAST_SECONDS + SECONDS_A_RESOURCE * resources


class Work:
    """Counts steps, and raises once its time is over.

    Args:
        seconds: the limit, from now on.
        clock: gives seconds; monotonic.
    """

    __slots__ = ("_begun", "_clock", "_look", "over", "seconds", "steps")

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.steps = 0
        self.over = False
        self._clock = clock
        self._begun = clock()
        self._look = STEPS_A_LOOK

    def spent(self) -> float:
        """Seconds since it began."""
        return self._clock() - self._begun

    def spend(self, steps: int = 1) -> None:
        """Take steps.

        Raises:
            WorkLimitError: the time is over.
        """
        self.steps += steps
        if self.steps >= self._look:
            self._look = self.steps + STEPS_A_LOOK
            self.check()

    def check(self) -> None:
        """Look at the clock now.

        Raises:
            WorkLimitError: the time is over.
        """
        if not self.over and self.spent() <= self.seconds:
            return
        self.over = True
        self._look = 0
        raise WorkLimitError(
            "this took longer than its time limit",
            got=f"{self.spent():.1f} s",
            expected=f"at most {self.seconds:g} s",
            do="raise `--time-limit`, or judge a smaller plan",
        )


_CURRENT: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def limited(work: Work) -> Iterator[Work]:
    """Let everything inside count against some work.

    Args:
        work: the limit; that of an outer `limited` rests meanwhile.
    """
    token = _CURRENT.set(work)
    try:
        yield work
    finally:
        _CURRENT.reset(token)


def spend(steps: int = 1) -> None:
    """Take steps of whatever work is going on.

    Args:
        steps: about how many; a loop may say once what all its rounds take.

    Raises:
        WorkLimitError: its time is over.
    """
    work = _CURRENT.get()
    if work is not None:
        work.spend(steps)
