"""The steps of a run: how long each took, and what the observer is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from revet.target.events import Event, Observer

Clock = Callable[[], float]


@dataclass(slots=True)
class Steps:
    """Measures the steps of one run.

    Args:
        observe: told when a step begins and ends.
        clock: seconds that only grow.
        seconds: step to its duration so far, in the order in which the steps began.
    """

    observe: Observer
    clock: Clock = time.monotonic
    seconds: dict[str, float] = field(default_factory=dict)
    _named: str = ""

    @contextmanager
    def ours(self, name: str) -> Iterator[None]:
        """A step of our own: measured and told.

        Args:
            name: of the step.
        """
        self.observe(Event("step_start", name))
        with self._measured(name):
            yield
        self.observe(Event("step_done", name, elapsed=self.seconds[name]))

    @contextmanager
    def terraform(self, name: str) -> Iterator[None]:
        """A step of Terraform's, which tells the observer itself; here under another name.

        Args:
            name: of the step, for example `second plan`.
        """
        self._named = name
        try:
            with self._measured(name):
                yield
        finally:
            self._named = ""

    def relay(self, event: Event) -> None:
        """The observer that Terraform gets."""
        self.observe(replace(event, step=self._named or event.step))

    @contextmanager
    def _measured(self, name: str) -> Iterator[None]:
        begun = self.clock()
        self.seconds.setdefault(name, 0.0)
        try:
            yield
        finally:
            self.seconds[name] += self.clock() - begun
