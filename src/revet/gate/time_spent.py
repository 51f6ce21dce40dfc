"""Where the time of judging goes: by control, and by the resources that take longest."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import contextmanager

from revet.model.work import Work

_TOP_CONTROLS = 3
_TOP_RESOURCES = 3
_WORTH_TELLING = 0.05


class TimeSpent:
    """Adds up what each control takes.

    Args:
        work: the time limit.
        controls: how many controls are to be asked.

    Attributes:
        finished: how many controls were asked about everything in their scope.
    """

    def __init__(self, work: Work, controls: int) -> None:
        self.work = work
        self.controls = controls
        self.finished = 0
        self._by_control: dict[str, float] = {}
        self._longest: list[tuple[float, str, str]] = []

    @contextmanager
    def on(self, control: str, address: str) -> Iterator[None]:
        """Count what is done inside for a control and a resource.

        Raises:
            WorkLimitError: the time is over, also where the rule has swallowed that.
        """
        begun = self.work.spent()
        try:
            yield
            self.work.check()
        finally:
            taken = self.work.spent() - begun
            self._by_control[control] = self._by_control.get(control, 0.0) + taken
            entry = (taken, control, address)
            if len(self._longest) < _TOP_RESOURCES:
                heapq.heappush(self._longest, entry)
            elif entry > self._longest[0]:
                heapq.heapreplace(self._longest, entry)

    def problem(self) -> str:
        """What the verdict says once the time is over; one line."""
        controls = heapq.nlargest(
            _TOP_CONTROLS, ((taken, name) for name, taken in self._by_control.items())
        )
        most = ", ".join(f"`{name}` {taken:.1f} s" for taken, name in controls)
        longest = ", ".join(
            f"`{name}` on `{address}` {taken:.1f} s"
            for taken, name, address in sorted(self._longest, reverse=True)
            if taken > _WORTH_TELLING
        )
        left = self.controls - self.finished
        return (
            f"judging took longer than its time limit of {self.work.seconds:g} s: {left} of "
            f"{self.controls} controls are not finished; most time: {most}"
            f"{f'; longest: {longest}' if longest else ''}; raise `--time-limit` or `time_limit`"
        )
